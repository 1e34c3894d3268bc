using System.Globalization;
using System.Text.Json;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// The settings of an adaptation, once: validation and its messages, the API's schema, the options of comod and
/// docs/settings.md come from here.
/// </summary>
public static class SettingTable
{
    private const string Mean = "methods with couplings",
        Refreshed = "comodulation, difference and the controls",
        Noise = "comodulation and shuffled",
        New = "tasks with new classes";

    private const string OnReadout = "for couplings at the cut auto of new classes";

    private static readonly TaskSettings s_default = new(),
        s_onReadout = s_default.OnReadout();

    public static IReadOnlyList<TaskSetting> All { get; } =
    [
        new(
            "cut",
            SettingType.Layer,
            "Encoder layer: stem, a stage (layer2), a block (layer2.0), or auto: of new classes the last stage that the "
                + "readout reads",
            s => s.Cut,
            (s, v) => s with { Cut = v.GetString()! }
        )
        {
            Default =
                "auto for new classes; with a fixed head and no further layer named the end of the stage before the last; "
                + "else layer2",
            Applies = Mean,
        },
        new(
            "also",
            SettingType.Layers,
            "Further encoder layers, each after the one before it, that share the modulator",
            s => s.Also,
            (s, v) => s with { Also = Names(v) }
        )
        {
            Default = "none; for new classes and a cut that the task names the end of the next stage",
            Applies = Mean,
        },
        Choice(
            "granularity",
            "What has a coupling of its own",
            s => s.Granularity,
            (s, v) => s with { Granularity = v }
        ) with
        {
            Applies = Mean,
        },
        Choice(
            "gainForm",
            "How gains follow the couplings: exp(c m), max(0, 1 + c m) or |1 + c m|",
            s => s.GainForm,
            (s, v) => s with { GainForm = v }
        ) with
        {
            Default = "exponential; rectified with a fixed head",
            Applies = Mean,
        },
        Whole(
            "grid",
            "Side of the coarse grid of spatial couplings",
            s => s.Grid,
            (s, v) => s with { Grid = v },
            1,
            512
        ) with
        {
            Default = $"{s_default.Grid}; {s_onReadout.Grid} {OnReadout}",
            Unit = "cells",
            Applies = Mean,
        },
        Number("mu", "Mean of the modulator", s => s.Mu, (s, v) => s with { Mu = v }, 0.01, 100) with
        {
            OfEitherSign = true,
            Hint = ": at 0 the noise-free gain is 1 whatever the couplings",
            Applies = Mean,
        },
        Number("sigma", "Standard deviation of the modulator", s => s.Sigma, (s, v) => s with { Sigma = v }, 0, 10) with
        {
            AboveLeast = true,
            Hint = "; for no noise choose method 'gain'",
            Applies = Noise,
        },
        Number(
            "rho",
            "Correlation of the modulator between groups of channels",
            s => s.Rho,
            (s, v) => s with { Rho = v },
            0,
            1
        ) with
        {
            Applies = Noise + "; below 1 with estimator monte-carlo alone",
        },
        Whole(
            "groups",
            "Groups of channels that share private noise",
            s => s.Groups,
            (s, v) => s with { Groups = v },
            1,
            4096
        ) with
        {
            Applies = "rho below 1",
        },
        Number("cap", "Bound of |c mu|", s => s.Cap, (s, v) => s with { Cap = v }, 0, 20) with
        {
            AboveLeast = true,
            Applies = Mean,
        },
        Choice(
            "estimator",
            "How the covariance is estimated",
            s => s.Estimator,
            (s, v) => s with { Estimator = v }
        ) with
        {
            Applies = Noise,
        },
        Whole(
            "samples",
            "Monte Carlo samples per refresh",
            s => s.Samples,
            (s, v) => s with { Samples = v },
            2,
            10_000
        ) with
        {
            Even = true,
            Applies = "estimator monte-carlo",
        },
        Whole("steps", "Optimiser steps", s => s.Steps, (s, v) => s with { Steps = v }, 1, 100_000) with
        {
            Default = $"{s_default.Steps}; {s_onReadout.Steps} {OnReadout}",
        },
        Whole("batch", "Images of a step", s => s.Batch, (s, v) => s with { Batch = v }, 8, 64) with
        {
            Unit = "images",
            Choices = ["8", "16", "32", "64"],
        },
        Number(
            "learningRate",
            "Rate for what the method trains inside the network",
            s => s.LearningRate,
            (s, v) => s with { LearningRate = v },
            0,
            10
        ) with
        {
            AboveLeast = true,
            Option = "rate",
            Default = $"{ByMethod(m => m.LearningRate)}; {s_onReadout.LearningRate} {OnReadout}",
        },
        Number(
            "readoutLearningRate",
            "Rate for the readout",
            s => s.ReadoutLearningRate,
            (s, v) => s with { ReadoutLearningRate = v },
            0,
            10
        ) with
        {
            AboveLeast = true,
            Option = "readout-rate",
            Default = "a tenth of the learning rate; 0.001 for readout",
            Applies = "trained readouts",
        },
        Number(
            "penalty",
            "L2 penalty on what the method trains inside the network",
            s => s.Penalty,
            (s, v) => s with { Penalty = v },
            0,
            1000
        ) with
        {
            Default = ByMethod(m => m.Penalty),
        },
        Whole(
            "refreshEvery",
            "Steps between two refreshes of the decoder gain",
            s => s.RefreshEvery,
            (s, v) => s with { RefreshEvery = v },
            1,
            100_000
        ) with
        {
            Unit = "steps",
            Applies = Refreshed,
        },
        Whole(
            "evaluateEvery",
            "Steps between two evaluations on held-out images",
            s => s.EvaluateEvery,
            (s, v) => s with { EvaluateEvery = v },
            1,
            100_000
        ) with
        {
            Unit = "steps",
        },
        Whole(
            "patience",
            "Evaluations in a row without a better held-out loss after which the steps end",
            s => s.Patience,
            (s, v) => s with { Patience = v },
            1,
            100_000
        ) with
        {
            Default = "none: all steps are taken",
        },
        Whole("rank", "Rank of the changes of method lora", s => s.Rank, (s, v) => s with { Rank = v }, 1, 256) with
        {
            Applies = "lora",
        },
        Choice(
            "refit",
            "How the readout of new classes is fitted at the end: plain, with the decoder gain as prior, the better "
                + "of both, or none",
            s => s.Refit,
            (s, v) => s with { Refit = v }
        ) with
        {
            Applies = New,
        },
        Whole(
            "examples",
            "Training images, drawn anew and stratified by every seed",
            s => s.Examples,
            (s, v) => s with { Examples = v },
            4
        ) with
        {
            Unit = "images",
            Default = "all",
        },
        Whole(
            "testImages",
            "Images of the test split that the result is measured on",
            s => s.TestImages,
            (s, v) => s with { TestImages = v },
            0
        ) with
        {
            Unit = "images",
            Default = "all",
        },
        Choice(
            "gate",
            "auto keeps a version that is worse than the base from being served",
            s => s.Gate,
            (s, v) => s with { Gate = v }
        ),
    ];

    private static TaskSetting Whole(
        string name,
        string doc,
        Func<TaskSettings, int?> get,
        Func<TaskSettings, int, TaskSettings> set,
        double least,
        double? most = null
    ) =>
        new(name, SettingType.WholeNumber, doc, s => get(s), (s, v) => set(s, v.GetInt32()))
        {
            Least = least,
            Most = most,
            Default = Text(get(s_default)),
        };

    private static TaskSetting Number(
        string name,
        string doc,
        Func<TaskSettings, double?> get,
        Func<TaskSettings, double, TaskSettings> set,
        double least,
        double most
    ) =>
        new(name, SettingType.Number, doc, s => get(s), (s, v) => set(s, Double(v)))
        {
            Least = least,
            Most = most,
            Default = Text(get(s_default)),
        };

    private static TaskSetting Choice<T>(
        string name,
        string doc,
        Func<TaskSettings, T> get,
        Func<TaskSettings, T, TaskSettings> set
    )
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>().ToDictionary(NameOf, StringComparer.Ordinal);
        TaskSetting setting = null!;
        return setting = new(
            name,
            SettingType.Choice,
            doc,
            s => NameOf(get(s)),
            (s, v) => values.TryGetValue(v.ToString(), out var value) ? set(s, value) : throw setting.Refusal(v)
        )
        {
            Choices = [.. values.Keys],
            Default = NameOf(get(s_default)),
        };
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    // JSON has no number for these; the catalog's and the grains' has their names.
    private static double Double(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
            : value.GetDouble();

    private static string? Names(JsonElement layers) =>
        layers.GetArrayLength() == 0
            ? null
            : string.Join(',', layers.EnumerateArray().Select(layer => layer.GetString()));

    private static string ByMethod(Func<MethodTraits, double> of)
    {
        var usual = of(MethodTraits.Of(Method.Comodulation));
        var others = Enum.GetValues<Method>()
            .Select(m => (Method: m, Value: of(MethodTraits.Of(m))))
            .Where(m => m.Value != usual);
        return string.Join(
            "; ",
            others
                .GroupBy(m => m.Value, m => NameOf(m.Method))
                .Select(g => $"{Text(g.Key)} for {string.Join(" and ", g)}")
                .Prepend(Text(usual))
        );
    }

    private static string Text(double? value) => value?.ToString("0.#####", CultureInfo.InvariantCulture) ?? "none";
}
