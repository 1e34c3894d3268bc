using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;
using Spectre.Console;

namespace ComodCluster.Lab.Reproduce;

/// <summary>What a run found and where it wrote it; also the JSON of <c>-o json</c>.</summary>
internal sealed record ReproductionOutcome
{
    public required string Name { get; init; }
    public required bool Quick { get; init; }

    /// <summary>Pieces of work that the outcome rests on.</summary>
    public required int Cells { get; init; }

    /// <summary>Pieces of work in all.</summary>
    public required int AllCells { get; init; }
    public required string Command { get; init; }
    public required string Version { get; init; }

    /// <summary>All that computed cells, where several did.</summary>
    public required string Machine { get; init; }
    public required DateTimeOffset Date { get; init; }

    /// <summary>
    /// Seconds of all cells, also of those computed before an interruption or by another run; cells of several threads
    /// add up.
    /// </summary>
    public required double SecondsOfCells { get; init; }
    public required IReadOnlyList<Constant> Constants { get; init; }
    public required IReadOnlyList<Criterion> Criteria { get; init; }
    public required IReadOnlyList<string> Remarks { get; init; }
    public required IReadOnlyList<ResultRow> Rows { get; init; }
    public IReadOnlyList<string> Files { get; init; } = [];

    public void Write(Terminal terminal)
    {
        foreach (var criterion in Criteria)
            terminal.Out.MarkupLine(
                $"{(criterion.Holds ? "[green]holds[/]" : "[red]does not hold[/]")}: "
                    + $"{Markup.Escape(criterion.Claim)} Found: {Markup.Escape(criterion.Found)}"
            );
        foreach (var remark in Remarks)
            terminal.Line(remark);
        terminal.Line(Verdict);
        foreach (var file in Files)
            terminal.Line(file);
    }

    /// <summary>In one sentence.</summary>
    public string Verdict =>
        Quick ? "The quick form shows that everything runs; it is too small to conclude from."
        : Cells < AllCells ? $"Not finished: this is what {Cells} of {AllCells} cells say."
        : Criteria.Count == 0 ? "Finished; there is no criterion to hold it against."
        : Criteria.All(criterion => criterion.Holds) ? $"Reproduced: all {Criteria.Count} criteria hold."
        : $"Not reproduced: {Criteria.Count(criterion => !criterion.Holds)} of {Criteria.Count} criteria do not hold.";
}
