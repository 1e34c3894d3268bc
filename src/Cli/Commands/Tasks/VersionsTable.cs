using ComodCluster.Api.Tasks;

namespace ComodCluster.Cli.Commands.Tasks;

internal static class VersionsTable
{
    private const string None = "No versions yet: adapt the task.";

    public static void Write(Terminal terminal, IReadOnlyCollection<VersionInfo> versions)
    {
        var differing = VersionSettings.Differing(versions);
        Listing.Write(
            terminal,
            versions,
            None,
            ("version", Number),
            ("phase", version => Format.Name(version.Phase)),
            ("method", version => Format.Name(version.Method)),
            ("seed", version => $"{version.Seed}"),
            ("examples", version => $"{version.Examples}"),
            ("accuracy", version => Format.Share(version.Metrics.Accuracy)),
            ("base", version => Format.Share(version.Metrics.BaseAccuracy)),
            ("seconds", version => $"{version.Seconds:0.0}"),
            ("state", version => Format.Bytes(version.StateBytes)),
            ("created", version => Format.Time(version.Created)),
            ("ece", version => Format.Share(version.Metrics.Ece)),
            ("trained", version => $"{version.TrainedParameters}"),
            ("settings", differing)
        );
        foreach (var version in versions)
        foreach (var why in new[] { version.Readout?.Reason, version.Metrics.Gate }.OfType<string>())
            terminal.Line($"Version {VersionText.Of(version.Version)}: {why}");
        WriteChoices(terminal, versions);
    }

    /// <summary>Everything that was measured on the test images, and what it cost.</summary>
    public static void WriteMetrics(Terminal terminal, IReadOnlyCollection<VersionInfo> versions)
    {
        Listing.Write(
            terminal,
            versions,
            None,
            ("version", Number),
            ("method", version => Format.Name(version.Method)),
            ("seed", version => $"{version.Seed}"),
            ("accuracy", version => Format.Share(version.Metrics.Accuracy)),
            ("balanced", version => Format.Share(version.Metrics.BalancedAccuracy)),
            ("precision", version => Format.Share(version.Metrics.Precision)),
            ("recall", version => Format.Share(version.Metrics.Recall)),
            ("f1", version => Format.Share(version.Metrics.F1)),
            ("ece", version => Format.Share(version.Metrics.Ece)),
            ("ece scaled", version => Format.Share(version.Metrics.CalibratedEce)),
            ("nll", version => Format.Share(version.Metrics.Nll)),
            ("trained", version => $"{version.TrainedParameters}"),
            ("seconds", version => $"{version.Seconds:0.0}"),
            ("state bytes", version => $"{version.StateBytes}"),
            ("cached to", version => version.CachedTo)
        );
        WriteChoices(terminal, versions);
    }

    /// <summary>One version: what it is, how well it does and each setting that it was made with.</summary>
    public static void WriteOne(Terminal terminal, VersionInfo version)
    {
        (string, string?)[] lines =
        [
            ("version", Number(version)),
            ("phase", Format.Name(version.Phase)),
            ("method", Format.Name(version.Method)),
            ("seed", $"{version.Seed}"),
            ("job", version.Job),
            ("examples", $"{version.Examples}"),
            ("accuracy", Format.Share(version.Metrics.Accuracy)),
            ("base", Format.Share(version.Metrics.BaseAccuracy)),
            ("steps taken", $"{version.Steps}"),
            ("seconds", $"{version.Seconds:0.0}"),
            ("state", Format.Bytes(version.StateBytes)),
            ("profile", version.Profile),
            ("created", Format.Time(version.Created)),
            ("gate", version.Metrics.Gate),
            ("choice", version.Choice?.Reason),
            ("readout", version.Readout?.Reason),
            .. VersionSettings.Of(version).Select(setting => ($"--{setting.Option}", (string?)setting.Value)),
        ];
        Listing.Write(terminal, lines);
        WriteReadout(terminal, version);
    }

    /// <summary>What a readout in closed form was chosen from; nothing for a version without one.</summary>
    public static void WriteReadout(Terminal terminal, VersionInfo version)
    {
        if (version.Readout is not { Candidates.Count: > 0 } readout)
            return;
        Listing.Write(
            terminal,
            readout.Candidates,
            "",
            ("readout at", candidate => candidate.Place),
            ("kind", candidate => Format.Name(candidate.Kind)),
            ("error", candidate => Format.Share(candidate.Error)),
            ("nll", candidate => Format.Share(candidate.Nll)),
            ("chosen", candidate => candidate.Place == readout.Place && candidate.Kind == readout.Kind ? "*" : "")
        );
    }

    /// <summary>Why method auto chose what it did, a line for each version of it.</summary>
    private static void WriteChoices(Terminal terminal, IEnumerable<VersionInfo> versions)
    {
        foreach (var version in versions)
            if (version.Choice is { } choice)
                terminal.Line(
                    $"Version {VersionText.Of(version.Version)} is of the method that auto chose. {choice.Reason}"
                );
    }

    private static string Number(VersionInfo version) =>
        version.Active ? $"{VersionText.Of(version.Version)} *" : VersionText.Of(version.Version);
}
