namespace ComodCluster.Cli.Commands.Watching;

/// <summary>The cells of a bar as text; empty where nothing is known.</summary>
internal static class BarText
{
    public static string Loss(BarState state) => state.Loss is { } loss ? $"loss {loss:0.000}" : "";

    public static string Accuracy(BarState state) => state.Accuracy is { } accuracy ? $"acc {accuracy:0.000}" : "";

    public static string Rate(BarState state) => state.ImagesPerSecond is { } rate and > 0 ? $"{rate:0} img/s" : "";

    public static string Left(BarState state) =>
        state.Done ? (state.Failed ? "failed" : "done")
        : state.SecondsLeft is { } left and >= 0 ? Clock(left)
        : "";

    /// <summary><c>0:07</c>, <c>12:30</c>, <c>1:02:03</c></summary>
    public static string Clock(double seconds)
    {
        var span = TimeSpan.FromSeconds(Math.Min(Math.Ceiling(seconds), 359_999));
        return span.TotalHours >= 1 ? $"{(int)span.TotalHours}:{span:mm\\:ss}" : $"{(int)span.TotalMinutes}:{span:ss}";
    }

    /// <summary>The whole bar in one line, for files and pipes.</summary>
    public static string Line(string label, BarState state)
    {
        string[] cells =
        [
            $"{state.Progress, 4:P0}",
            Loss(state),
            Accuracy(state),
            Rate(state),
            state.Done ? Left(state) : Suffixed(Left(state), " left"),
            state.Activity ?? "",
        ];
        return $"{label}: {string.Join("  ", cells.Where(cell => cell.Length > 0))}";
    }

    private static string Suffixed(string text, string suffix) => text.Length == 0 ? text : text + suffix;
}
