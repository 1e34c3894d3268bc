using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Chaos;

/// <summary>What a part of many kills saw.</summary>
/// <param name="Seconds">Under kills and until all was checked.</param>
/// <param name="Unanswered">Requests that were asked again.</param>
/// <param name="Ordered">Operations that have one order on each task.</param>
/// <param name="Violations">Acknowledged objects that were lost or doubled, jobs that failed, histories without an
/// order.</param>
internal sealed record KillPart(
    int Number,
    int Kills,
    double Seconds,
    int Acknowledged,
    int Unanswered,
    int Adaptations,
    int Ordered,
    int Violations
)
{
    private const string Study = "kills";

    public static KillPart Of(int number, ChaosResult result) =>
        new(
            number,
            result.FaultCount,
            result.Seconds + result.HealingSeconds,
            result.Operations.Values.Sum(o => o.Acknowledged),
            result.Operations.Values.Sum(o => o.Unanswered),
            result.Jobs,
            result.Ordered,
            result.Violations.Count
        );

    public static KillPart Of(int number, JournalEntry entry)
    {
        return new(
            number,
            Value("kills"),
            entry.Seconds,
            Value("acknowledged"),
            Value("asked again"),
            Value("adaptations"),
            Value("ordered"),
            Value("violations")
        );

        int Value(string name) => (int)entry.Observations.Single(o => o.Arm == name).Value;
    }

    public JournalEntry ToEntry(string cell, int seed) =>
        new(
            cell,
            Seconds,
            [
                .. new (string Name, int Value)[]
                {
                    ("kills", Kills),
                    ("acknowledged", Acknowledged),
                    ("asked again", Unanswered),
                    ("adaptations", Adaptations),
                    ("ordered", Ordered),
                    ("violations", Violations),
                }.Select(v => new Observation(Study, v.Name, Number, seed, v.Value)),
            ]
        );

    public static void Write(Terminal terminal, IReadOnlyList<KillPart> parts)
    {
        Listing.Write(
            terminal,
            parts,
            "",
            ("part", p => $"{p.Number}"),
            ("kills", p => $"{p.Kills}"),
            ("seconds", p => $"{p.Seconds:0}"),
            ("acknowledged", p => $"{p.Acknowledged}"),
            ("asked again", p => $"{p.Unanswered}"),
            ("adaptations", p => $"{p.Adaptations}"),
            ("in one order", p => $"{p.Ordered}"),
            ("violations", p => $"{p.Violations}")
        );
        terminal.Line(
            $"{parts.Sum(p => p.Kills)} kills under {parts.Sum(p => p.Acknowledged)} acknowledged requests, "
                + $"{parts.Sum(p => p.Adaptations)} of them adaptations: {parts.Sum(p => p.Violations)} lost, doubled, "
                + $"failed or out of order."
        );
    }
}
