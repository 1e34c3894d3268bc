using ComodCluster.Contracts.Tasks;

namespace ComodCluster.Client.Commands.Tasks;

internal static class VersionsTable
{
    private const string None = "No versions yet: adapt the task.";

    public static void Write(Terminal terminal, IReadOnlyCollection<VersionInfo> versions) =>
        Listing.Write(terminal, versions, None,
            ("version", Number), ("phase", version => Format.Name(version.Phase)),
            ("method", version => Format.Name(version.Method)), ("seed", version => $"{version.Seed}"), ("examples", version => $"{version.Examples}"),
            ("accuracy", version => Format.Share(version.Metrics.Accuracy)), ("base", version => Format.Share(version.Metrics.BaseAccuracy)),
            ("ece", version => Format.Share(version.Metrics.Ece)), ("trained", version => $"{version.TrainedParameters}"),
            ("seconds", version => $"{version.Seconds:0.0}"), ("state", version => Format.Bytes(version.StateBytes)), ("created", version => Format.Time(version.Created)),
            ("gate", version => version.Metrics.Gate ?? ""));

    /// <summary>Everything that was measured on the test images, and what it cost.</summary>
    public static void WriteMetrics(Terminal terminal, IReadOnlyCollection<VersionInfo> versions) =>
        Listing.Write(terminal, versions, None,
            ("version", Number), ("method", version => Format.Name(version.Method)), ("seed", version => $"{version.Seed}"),
            ("accuracy", version => Format.Share(version.Metrics.Accuracy)), ("balanced", version => Format.Share(version.Metrics.BalancedAccuracy)),
            ("precision", version => Format.Share(version.Metrics.Precision)), ("recall", version => Format.Share(version.Metrics.Recall)),
            ("f1", version => Format.Share(version.Metrics.F1)), ("ece", version => Format.Share(version.Metrics.Ece)),
            ("ece scaled", version => Format.Share(version.Metrics.CalibratedEce)), ("nll", version => Format.Share(version.Metrics.Nll)),
            ("trained", version => $"{version.TrainedParameters}"), ("seconds", version => $"{version.Seconds:0.0}"),
            ("state bytes", version => $"{version.StateBytes}"), ("cached to", version => version.CachedTo));

    private static string Number(VersionInfo version) => version.Active ? $"{VersionText.Of(version.Version)} *" : VersionText.Of(version.Version);
}
