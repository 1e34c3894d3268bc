using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>A column of the tables.</summary>
/// <param name="Of">Null where there is none.</param>
internal sealed record ImageMetric(string Name, Func<VersionInfo, double?> Of)
{
    public const string Accuracy = "accuracy",
        Ece = "ECE",
        Parameters = "trained parameters";

    /// <summary>Trials that left the finite range, 1 each.</summary>
    public const string Diverged = "diverged";

    public static IReadOnlyList<ImageMetric> All { get; } =
    [
        new(Accuracy, version => version.Metrics.Accuracy),
        new("balanced accuracy", version => version.Metrics.BalancedAccuracy),
        new("precision", version => version.Metrics.Precision),
        new("recall", version => version.Metrics.Recall),
        new("F1", version => version.Metrics.F1),
        new(Ece, version => version.Metrics.Ece),
        new("ECE after temperature scaling", version => version.Metrics.CalibratedEce),
        new("NLL", version => version.Metrics.Nll),
        new("NLL after temperature scaling", version => version.Metrics.CalibratedNll),
        new(Parameters, version => version.TrainedParameters),
        new("device-seconds", version => version.Seconds),
        new("steps begin at cached activations", version => version.CachedTo is null or "input" ? 0 : 1),
        new("bytes of state", version => version.StateBytes),
    ];

    public static string Study(string study, string metric) => $"{study}: {metric}";

    /// <param name="x">Place on the curves.</param>
    /// <param name="metrics">Which are kept; null: all.</param>
    public static IReadOnlyList<Observation> Observe(
        TrialResult result,
        double x,
        int task,
        int seed,
        IReadOnlyList<string>? metrics = null
    ) =>
        [
            .. from value in result.Version is { } version
                ? All.Where(metric => metrics is null || metrics.Contains(metric.Name))
                    .Select(metric => (metric.Name, Value: metric.Of(version)))
                : [(Diverged, 1.0)]
            where value.Value is { } number && double.IsFinite(number)
            select new Observation(
                Study(result.Trial.Study, value.Item1),
                Format.Name(result.Trial.Method),
                x,
                seed,
                value.Value!.Value
            )
            {
                Task = task,
            },
        ];
}
