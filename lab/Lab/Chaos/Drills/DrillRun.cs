using System.Diagnostics;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>Drills one after another, each on silos of its own.</summary>
internal static class DrillRun
{
    public static async Task<IReadOnlyList<DrillResult>> Run(
        IEnumerable<Drill> drills,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var results = new List<DrillResult>();
        foreach (var drill in drills)
        {
            say($"{drill.Name}: {drill.What}.");
            var (report, clock) = (new DrillReport(what => say($"  {what}")), Stopwatch.StartNew());
            await drill.Run(report, cancellation);
            results.Add(new(drill.Name, drill.What, clock.Elapsed.TotalSeconds, report.Seen, report.Violations));
        }
        return results;
    }
}
