using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Demo;

/// <summary>One task, method and seed.</summary>
/// <param name="Accuracy">On held-out (test) images, 0 to 1.</param>
/// <param name="Seconds">Device-seconds charged to the trial.</param>
/// <param name="StateBytes">Size of the version's blob.</param>
/// <param name="CachedTo">The place up to which activations came from the activation cache.</param>
/// <param name="Metrics">All that was measured on the held-out images.</param>
internal sealed record DemoRow(
    string Task,
    Method Method,
    int Seed,
    int Examples,
    double? Accuracy,
    int TrainedParameters,
    double Seconds,
    long StateBytes,
    string? CachedTo,
    VersionMetrics Metrics
);
