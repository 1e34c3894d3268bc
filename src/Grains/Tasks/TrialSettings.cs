using System.Text.Json;
using System.Text.Json.Nodes;
using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Grains.Storage.Catalog;
using Method = ComodCluster.Engine.Tasks.Method;

namespace ComodCluster.Grains.Tasks;

/// <summary>
/// From what a request says to what the engine runs: the request wins over the task's options, those over the engine's
/// defaults.
/// </summary>
internal static class TrialSettings
{
    /// <summary>Trials of one job.</summary>
    public const int MaxTrials = 256;

    /// <summary>Whether the trials are candidates, of which one makes the version.</summary>
    public static bool IsChoice(AdaptRequest request) =>
        request.Methods?.Contains(ComodCluster.Api.Tasks.Method.Auto) == true;

    /// <summary>
    /// Sees that a new request that names a control of experiments says so; one that is a job already goes on.
    /// </summary>
    /// <exception cref="ComodException">request-invalid (400)</exception>
    public static void RequireExperimental(AdaptRequest request)
    {
        if (
            request.Experimental
            || request.Methods?.Where(m => m.IsExperimental()).ToArray() is not { Length: > 0 } controls
        )
            return;
        throw new ComodException(
            ErrorCodes.RequestInvalid,
            400,
            $"The method '{CatalogJson.Name(controls[0])}' is a control of experiments; "
                + "set 'experimental' to true (comod task adapt --experimental), or choose another method."
        );
    }

    /// <summary>
    /// Method by method, seed by seed; the first trial is the one whose version is activated. A choice has its
    /// candidates.
    /// </summary>
    /// <param name="form">Form of the task; null: the engine's.</param>
    /// <exception cref="ComodException"> request-invalid: a method or seed twice, auto beside another method or with
    /// several seeds, or too many trials. settings-removed: the task's options or the request name a setting of an
    /// earlier build. </exception>
    /// <exception cref="Engine.InputException">settings-invalid</exception>
    public static IReadOnlyList<TaskSettings> Of(MethodOptions? task, AdaptRequest request, DefaultForm? form = null)
    {
        var methods = request.Methods is { Count: > 0 } named ? named : [ComodCluster.Api.Tasks.Method.Comodulation];
        var seeds = request.Seeds is { Count: > 0 } drawn ? drawn : [0];
        if (methods.Distinct().Count() != methods.Count || seeds.Distinct().Count() != seeds.Count)
            throw ComodException.Invalid(
                ErrorCodes.RequestInvalid,
                "A method or a seed is named twice; name each once."
            );
        if (IsChoice(request))
        {
            if (methods.Count > 1 || seeds.Count > 1)
                throw ComodException.Invalid(
                    ErrorCodes.RequestInvalid,
                    "Method 'auto' makes one version of the method that it chooses; name no other method beside it "
                        + "and at most one seed."
                );
            methods = [.. MethodTraits.Candidates.Select(method => method.To<ComodCluster.Api.Tasks.Method>())];
        }
        if (methods.Count * seeds.Count > MaxTrials)
            throw ComodException.Invalid(
                ErrorCodes.RequestInvalid,
                $"{methods.Count} methods and {seeds.Count} seeds make more than {MaxTrials} trials; split them "
                    + $"over several jobs."
            );
        return [.. methods.SelectMany(method => seeds.Select(seed => Of(task, request.Options, method, seed, form)))];
    }

    /// <inheritdoc cref="Of(MethodOptions?, AdaptRequest, DefaultForm?)"/>
    public static TaskSettings Of(
        MethodOptions? task,
        MethodOptions? request,
        ComodCluster.Api.Tasks.Method method,
        int seed,
        DefaultForm? form = null
    )
    {
        RemovedSettings.RefuseInTask(task);
        RemovedSettings.RefuseIn(request);
        var usual = TaskSettings.For(method.To<Method>());
        var layers = request?.Also ?? task?.Also;
        var own = task?.Cut ?? (layers is null or [] ? form?.Cut : null) ?? usual.Cut;
        var settings = usual with { Seed = seed, Cut = own, GainForm = form?.GainForm ?? usual.GainForm };
        if (
            layers is null
            && (request?.Cut ?? own) == own
            && MethodTraits.Of(usual.Method).Trains == NetworkPart.Couplings
        )
            settings = settings with { Also = form?.Also };
        if (form?.Cut == TaskLayers.Auto && TaskLayers.FollowsReadout(settings with { Cut = request?.Cut ?? own }))
            settings = settings.OnReadout();
        var (over, under) = (Members(request), Members(task));
        foreach (var setting in SettingTable.All)
        {
            if (over.TryGetProperty(setting.Name, out var value) || under.TryGetProperty(setting.Name, out value))
                settings = setting.Set(settings, value);
        }
        settings.Validate();
        return settings;
    }

    /// <summary>Options that name every setting as it is; those that have no value are left out.</summary>
    public static MethodOptions Named(TaskSettings settings)
    {
        var named = new JsonObject();
        foreach (var setting in SettingTable.All)
            if (setting.Get(settings) is { } value)
                named[setting.Name] =
                    setting.Type == SettingType.Layers
                        ? new JsonArray([.. ((string)value).Split(',').Select(layer => JsonValue.Create(layer))])
                        : JsonSerializer.SerializeToNode(value, CatalogJson.Options);
        return named.Deserialize<MethodOptions>(CatalogJson.Options)!;
    }

    /// <summary>What the options name, by the names of <see cref="SettingTable"/>.</summary>
    private static JsonElement Members(MethodOptions? options) =>
        JsonSerializer.SerializeToElement(options ?? new(), CatalogJson.Options);
}
