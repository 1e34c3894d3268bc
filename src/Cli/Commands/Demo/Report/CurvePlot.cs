using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Plotting;
using ScottPlot;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>
/// Learning curves of one task: loss on the examples held out for early stopping, a line for each method.
/// </summary>
internal static class CurvePlot
{
    public static string Render(AdaptedTask task)
    {
        var top = Math.Min(2, Highest(task) * 1.05);
        var last = Math.Max(
            1,
            task.Maps.SelectMany(entry => entry.Maps.Curve).Select(point => point.Step).DefaultIfEmpty(1).Max()
        );
        var figure = new Figure
        {
            Width = 420,
            Height = 250,
            Limits = new AxisLimits(0, last, 0, top),
            Bottom = Ticks.Between(0, last, 5),
            Side = Ticks.Between(0, top, 5),
            BottomTitle = "step",
            SideTitle = "loss",
            Label = $"Learning curves of {task.Task.Title} ({task.Task.Place})",
        };
        foreach (var (method, maps) in task.Maps.OrderBy(entry => entry.Method))
        {
            Add(figure.Plot, maps.Curve, point => point.Loss, method, 1.2f, LinePattern.Dotted);
            Add(figure.Plot, maps.Curve, point => point.HeldOutLoss, method, 2.2f, LinePattern.Solid);
        }
        return figure.Svg();
    }

    private static void Add(
        Plot plot,
        IReadOnlyList<CurvePoint> curve,
        Func<CurvePoint, double> loss,
        Method method,
        float width,
        LinePattern pattern
    )
    {
        var points = curve.Where(point => double.IsFinite(loss(point))).ToArray();
        if (points.Length == 0)
            return;
        var line = plot.Add.ScatterLine(
            points.Select(point => (double)point.Step).ToArray(),
            points.Select(loss).ToArray(),
            Color.FromHex(MethodStyle.Color(method))
        );
        line.LineWidth = width;
        line.LinePattern = pattern;
    }

    private static double Highest(AdaptedTask task)
    {
        var losses = task
            .Maps.SelectMany(entry => entry.Maps.Curve)
            .SelectMany(point => new[] { point.Loss, point.HeldOutLoss })
            .Where(double.IsFinite)
            .ToArray();
        return losses.Length == 0 ? 1 : Math.Max(0.1, losses.Max());
    }
}
