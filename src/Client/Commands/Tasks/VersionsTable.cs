using ComodCluster.Contracts.Tasks;

namespace ComodCluster.Client.Commands.Tasks;

internal static class VersionsTable
{
    public static void Write(Terminal terminal, IReadOnlyCollection<VersionInfo> versions) =>
        Listing.Write(terminal, versions, "No versions yet: adapt the task.",
            ("version", version => version.Active ? $"{VersionText.Of(version.Version)} *" : VersionText.Of(version.Version)), ("phase", version => Format.Name(version.Phase)),
            ("method", version => Format.Name(version.Method)), ("seed", version => $"{version.Seed}"), ("examples", version => $"{version.Examples}"),
            ("accuracy", version => Format.Share(version.Metrics.Accuracy)), ("base", version => Format.Share(version.Metrics.BaseAccuracy)),
            ("ece", version => Format.Share(version.Metrics.Ece)), ("trained", version => $"{version.TrainedParameters}"),
            ("seconds", version => $"{version.Seconds:0.0}"), ("state", version => Format.Bytes(version.StateBytes)), ("created", version => Format.Time(version.Created)),
            ("gate", version => version.Metrics.Gate ?? ""));
}
