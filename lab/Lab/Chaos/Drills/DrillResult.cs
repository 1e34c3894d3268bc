using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Chaos.Drills;

/// <param name="Seen">What was expected and true.</param>
/// <param name="Violations">What was expected and not true.</param>
internal sealed record DrillResult(
    string Name,
    string What,
    double Seconds,
    IReadOnlyList<string> Seen,
    IReadOnlyList<string> Violations
)
{
    public static void Write(Terminal terminal, IReadOnlyList<DrillResult> results)
    {
        foreach (var result in results)
        {
            terminal.Line($"{result.Name}: {result.What} ({result.Seconds:0} s)");
            foreach (var seen in result.Seen)
                terminal.Line($"  {seen}");
            foreach (var violation in result.Violations)
                terminal.Line($"  VIOLATION, not true: {violation}");
        }
    }
}
