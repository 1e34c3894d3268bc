using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Linux;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.Lab.Chaos.Drills;

namespace ComodCluster.Lab.Chaos;

/// <summary>What <c>--scenario</c> names: faults under load, and drills on silos of their own.</summary>
internal sealed record ScenarioChoice(IReadOnlyList<Scenario> Faults, IReadOnlyList<Drill> Drills)
{
    public static IEnumerable<string> Names =>
        Scenarios.All.Select(s => s.Name).Concat(DrillTable.All.Select(d => d.Name));

    /// <param name="text">Names by commas, or 'all': all that this machine can do.</param>
    /// <exception cref="UsageException">A name is unknown, or needs what the machine lacks.</exception>
    public static ScenarioChoice Of(string text)
    {
        string[] names = text == "all" ? [.. Names.Where(n => Lacks(n) is null)] : text.Split(',');
        foreach (var name in names)
        {
            if (!Names.Contains(name))
                throw new UsageException($"'{name}' is no scenario: choose all or some of {string.Join(",", Names)}.");
            if (Lacks(name) is { } lack)
                throw new UsageException($"'{name}' {lack}.");
        }
        return new(
            [.. Scenarios.All.Where(s => names.Contains(s.Name))],
            [.. DrillTable.All.Where(d => names.Contains(d.Name))]
        );
    }

    private static string? Lacks(string name)
    {
        var (fault, drill) = (
            Scenarios.All.FirstOrDefault(s => s.Name == name),
            DrillTable.All.FirstOrDefault(d => d.Name == name)
        );
        return (fault is { Apart: true } || drill is { NeedsRoot: true }) && Environment.UserName != "root"
                ? "cuts a network or fills a disk and needs root: run it as root, or in a machine of its own"
            : fault is { Clocks: true } && !ShiftedClock.IsInstalled
                ? "shifts clocks and needs Debian's package faketime: install it"
            : (fault is not null || drill is { NeedsPostgres: true }) && !LocalPostgres.IsInstalled
                ? "needs PostgreSQL: install Debian's package postgresql"
            : null;
    }
}
