using ComodCluster.Cli.Commands;

namespace ComodCluster.Lab.Reproduce;

/// <summary>How far a part is; also the JSON of <c>-o json</c> with <c>--shard</c>.</summary>
/// <param name="Cells">Cells of the part that are done.</param>
/// <param name="AllCells">Cells of the part.</param>
internal sealed record ShardOutcome(string Name, bool Quick, string Shard, int Cells, int AllCells)
{
    public void Write(Terminal terminal) =>
        terminal.Line(
            $"Part {Shard} of {Name}: {Cells} of {AllCells} cells are done; a run without --shard on the same "
                + $"folder concludes."
        );
}
