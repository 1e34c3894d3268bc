using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Grains.Storage.Catalog;
using CovarianceEstimator = ComodCluster.Engine.Tasks.CovarianceEstimator;
using GainForm = ComodCluster.Engine.Tasks.GainForm;
using GatePolicy = ComodCluster.Engine.Tasks.GatePolicy;
using Granularity = ComodCluster.Engine.Tasks.Granularity;
using Method = ComodCluster.Engine.Tasks.Method;
using ReadoutRefit = ComodCluster.Engine.Tasks.ReadoutRefit;

namespace ComodCluster.Grains.Tasks;

/// <summary>From what a request says to what the engine runs: the request wins over the task's options, those over the engine's defaults.</summary>
internal static class TrialSettings
{
    /// <summary>Trials of one job.</summary>
    public const int MaxTrials = 256;

    /// <summary>Whether the trials are candidates, of which one makes the version.</summary>
    public static bool IsChoice(AdaptRequest request) => request.Methods?.Contains(ComodCluster.Api.Tasks.Method.Auto) == true;

    /// <summary>Sees that a new request that names a control of experiments says so; one that is a job already goes on.</summary>
    /// <exception cref="ComodException">request-invalid (400)</exception>
    public static void RequireExperimental(AdaptRequest request)
    {
        if (request.Experimental || request.Methods?.Where(m => m.IsExperimental()).ToArray() is not { Length: > 0 } controls) return;
        throw new ComodException(ErrorCodes.RequestInvalid, 400, $"The method '{CatalogJson.Name(controls[0])}' is a control of experiments; "
            + "set 'experimental' to true (comod task adapt --experimental), or choose another method.");
    }

    /// <summary>Method by method, seed by seed; the first trial is the one whose version is activated. A choice has its candidates.</summary>
    /// <param name="form">Form of the task; null: the engine's.</param>
    /// <exception cref="ComodException">
    /// request-invalid: a method or seed twice, auto beside another method or with several seeds, or too many trials. settings-removed: the task's options or
    /// the request name a setting of an earlier build.
    /// </exception>
    /// <exception cref="Engine.InputException">settings-invalid</exception>
    public static IReadOnlyList<TaskSettings> Of(MethodOptions? task, AdaptRequest request, DefaultForm? form = null)
    {
        var methods = request.Methods is { Count: > 0 } named ? named : [ComodCluster.Api.Tasks.Method.Comodulation];
        var seeds = request.Seeds is { Count: > 0 } drawn ? drawn : [0];
        if (methods.Distinct().Count() != methods.Count || seeds.Distinct().Count() != seeds.Count)
            throw ComodException.Invalid(ErrorCodes.RequestInvalid, "A method or a seed is named twice; name each once.");
        if (IsChoice(request))
        {
            if (methods.Count > 1 || seeds.Count > 1)
                throw ComodException.Invalid(ErrorCodes.RequestInvalid, "Method 'auto' makes one version of the method that it chooses; name no other method beside it and at most one seed.");
            methods = [.. MethodTraits.Candidates.Select(method => (ComodCluster.Api.Tasks.Method)method)];
        }
        if (methods.Count * seeds.Count > MaxTrials)
            throw ComodException.Invalid(ErrorCodes.RequestInvalid, $"{methods.Count} methods and {seeds.Count} seeds make more than {MaxTrials} trials; split them over several jobs.");
        return [.. methods.SelectMany(method => seeds.Select(seed => Of(task, request.Options, method, seed, form)))];
    }

    /// <inheritdoc cref="Of(MethodOptions?, AdaptRequest, DefaultForm?)"/>
    public static TaskSettings Of(MethodOptions? task, MethodOptions? request, ComodCluster.Api.Tasks.Method method, int seed, DefaultForm? form = null)
    {
        RemovedSettings.RefuseInTask(task);
        RemovedSettings.RefuseIn(request);
        // The enumerations of both sides have the same members in the same order; only Auto, the contracts' last, is no method of the engine.
        var (over, under, usual) = (request ?? new(), task ?? new(), TaskSettings.For((Method)method));
        var layers = over.Also ?? under.Also;
        var own = under.Cut ?? (layers is null or [] ? form?.Cut : null) ?? usual.Cut;
        var settings = usual with
        {
            Seed = seed,
            Cut = over.Cut ?? own,
            Also = layers is not null ? Names(layers) : (over.Cut ?? own) == own && MethodTraits.Of(usual.Method).Trains == NetworkPart.Couplings ? form?.Also : null,
            GainForm = (GainForm?)(over.GainForm ?? under.GainForm) ?? form?.GainForm ?? usual.GainForm,
            Granularity = (Granularity?)(over.Granularity ?? under.Granularity) ?? usual.Granularity,
            Grid = over.Grid ?? under.Grid ?? usual.Grid,
            Mu = over.Mu ?? under.Mu ?? usual.Mu,
            Sigma = over.Sigma ?? under.Sigma ?? usual.Sigma,
            Rho = over.Rho ?? under.Rho ?? usual.Rho,
            Groups = over.Groups ?? under.Groups ?? usual.Groups,
            Cap = over.Cap ?? under.Cap ?? usual.Cap,
            Estimator = (CovarianceEstimator?)(over.Estimator ?? under.Estimator) ?? usual.Estimator,
            Samples = over.Samples ?? under.Samples ?? usual.Samples,
            Rank = over.Rank ?? under.Rank ?? usual.Rank,
            Steps = over.Steps ?? under.Steps ?? usual.Steps,
            Batch = over.Batch ?? under.Batch ?? usual.Batch,
            LearningRate = over.LearningRate ?? under.LearningRate ?? usual.LearningRate,
            ReadoutLearningRate = over.ReadoutLearningRate ?? under.ReadoutLearningRate ?? usual.ReadoutLearningRate,
            Penalty = over.Penalty ?? under.Penalty ?? usual.Penalty,
            RefreshEvery = over.RefreshEvery ?? under.RefreshEvery ?? usual.RefreshEvery,
            Refit = (ReadoutRefit?)(over.Refit ?? under.Refit) ?? usual.Refit,
            EvaluateEvery = over.EvaluateEvery ?? under.EvaluateEvery ?? usual.EvaluateEvery,
            Patience = over.Patience ?? under.Patience ?? usual.Patience,
            Examples = over.Examples ?? under.Examples ?? usual.Examples,
            TestImages = over.TestImages ?? under.TestImages ?? usual.TestImages,
            Gate = (GatePolicy?)(over.Gate ?? under.Gate) ?? usual.Gate,
        };
        settings.Validate();
        return settings;
    }

    private static string? Names(IReadOnlyList<string>? layers) => layers is { Count: > 0 } ? string.Join(',', layers) : null;
}
