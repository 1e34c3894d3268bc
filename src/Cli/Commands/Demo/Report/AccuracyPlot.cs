using ComodCluster.Cli.Commands.Plotting;
using ScottPlot;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>All tasks in one figure: a row for each, a dot for each method and seed, a tick for each mean.</summary>
internal static class AccuracyPlot
{
    private const int RowHeight = 34;

    public static string Render(IReadOnlyList<DemoTask> tasks, IReadOnlyCollection<DemoRow> rows)
    {
        var lowest = Math.Min(0.5, rows.Min(row => row.Accuracy) ?? 0.5) - 0.02;
        var figure = new Figure
        {
            Width = 760,
            Height = 56 + RowHeight * tasks.Count,
            Left = 20 + (int)(6.8 * tasks.Max(task => task.Title.Length)),
            Limits = new AxisLimits(lowest, 1.01, -0.6, tasks.Count - 0.4),
            Bottom = Ticks.Between(lowest, 1, 6),
            Side = new(
                [.. Enumerable.Range(0, tasks.Count).Select(i => (double)(tasks.Count - 1 - i))],
                [.. tasks.Select(task => task.Title)]
            ),
            BottomTitle = "accuracy on held-out images",
            Label = "Accuracy of every task and method",
        };
        var plot = figure.Plot;
        for (var i = 0; i < tasks.Count; i++)
        {
            var y = tasks.Count - 1 - i;
            foreach (var method in DemoMeans.Methods)
            {
                var ofMethod = rows.Where(row => row.Task == tasks[i].Name && row.Method == method).ToArray();
                var color = Color.FromHex(MethodStyle.Color(method));
                foreach (var row in ofMethod)
                    if (row.Accuracy is { } accuracy)
                        plot.Add.Marker(accuracy, y, MarkerShape.FilledCircle, ofMethod.Length == 1 ? 11 : 6, color);
                if (ofMethod.Length > 1 && DemoMeans.Accuracy(ofMethod, method) is { } mean)
                {
                    var tick = plot.Add.Line(mean, y - 0.32, mean, y + 0.32);
                    tick.Color = color;
                    tick.LineWidth = 3;
                }
            }
        }
        plot.Axes.Left.MajorTickStyle.Length = 0;
        return figure.Svg();
    }
}
