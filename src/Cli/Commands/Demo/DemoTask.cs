namespace ComodCluster.Cli.Commands.Demo;

/// <summary>One task of the demo: which of two classes lies at a fixed cell among distractors.</summary>
/// <param name="Name">Name of the task and of its data set.</param>
/// <param name="Classes">The two classes.</param>
/// <param name="Station">Cell of the relevant object, 0 to 8, row by row.</param>
internal sealed record DemoTask(string Name, IReadOnlyList<string> Classes, int Station)
{
    public string Title => string.Join(" or ", Classes);

    /// <summary><c>top left</c>, <c>centre</c>, ...</summary>
    public string Place =>
        (Station / 3, Station % 3) switch
        {
            (1, 1) => "centre",
            (1, 0) => "left",
            (1, 2) => "right",
            (0, 1) => "top",
            (2, 1) => "bottom",
            var (row, column) => $"{(row == 0 ? "top" : "bottom")} {(column == 0 ? "left" : "right")}",
        };
}
