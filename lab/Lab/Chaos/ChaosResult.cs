using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Chaos;

/// <summary>What a run of <c>chaos</c> saw.</summary>
/// <param name="LongestOutageSeconds">Between two answered predictions.</param>
/// <param name="HealingSeconds">From the last fault until the cluster was whole, all jobs had ended, and everything was
/// checked.</param>
internal sealed record ChaosResult(
    int Seed,
    int Seconds,
    int FaultCount,
    int Tasks,
    int Jobs,
    double LongestOutageSeconds,
    double HealingSeconds,
    IReadOnlyDictionary<string, ChaosCount> Operations,
    IReadOnlyList<Fault> Faults,
    IReadOnlyList<string> Violations
)
{
    /// <summary>Operations on tasks for which one order was looked for, task by task.</summary>
    public int Ordered { get; init; }

    /// <summary>Folder with what the silos wrote, where there are violations.</summary>
    public string? Logs { get; init; }

    public void Write(Terminal terminal)
    {
        Listing.Write(
            terminal,
            [.. Operations.OrderBy(o => o.Key, StringComparer.Ordinal)],
            "Nothing was asked.",
            ("operation", o => o.Key),
            ("acknowledged", o => $"{o.Value.Acknowledged}"),
            ("asked again", o => $"{o.Value.Unanswered}")
        );
        terminal.Line(
            $"{FaultCount} faults, {Tasks} tasks, {Jobs} adaptations; longest time without an answered prediction "
                + $"{LongestOutageSeconds:0.0} s; whole and checked after {HealingSeconds:0.0} s."
        );
        foreach (var violation in Violations)
            terminal.Line($"VIOLATION: {violation}.");
        terminal.Line(
            Violations.Count == 0
                ? $"Nothing acknowledged was lost or doubled, and {Ordered} operations have one order on each task."
                : $"{Violations.Count} violations; the silos' logs are in {Logs}; the same faults again: --seed {Seed}."
        );
    }
}
