using ComodCluster.Api.Planning;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Demo.Report;
using ComodCluster.Cli.Commands.Plotting;
using ScottPlot;

namespace ComodCluster.Cli.Commands.Planning;

/// <summary>The plots of a plan.</summary>
internal static class PlanFigures
{
    private const int Width = 620,
        Height = 300;
    private static readonly Color s_main = Color.FromHex(MethodStyle.Color(Method.Comodulation)),
        s_other = Color.FromHex(MethodStyle.Color(Method.Gain));

    /// <summary>Promised and measured fall of the loss at every cut, with intervals.</summary>
    public static string Cuts(PlanReport plan)
    {
        PlanInterval[] all = [.. plan.Cuts.SelectMany(c => new[] { c.Promised, c.Measured })];
        var (low, high) = Range(all);
        var figure = new Figure
        {
            Width = Width,
            Height = Height,
            Left = 70,
            Limits = new AxisLimits(-0.6, plan.Cuts.Count - 0.4, low, high),
            Bottom = new(
                [.. Enumerable.Range(0, plan.Cuts.Count).Select(i => (double)i)],
                [.. plan.Cuts.Select(c => c.Cut.Replace("layer", "", StringComparison.Ordinal))]
            ),
            Side = Ticks.Between(low, high, 5),
            BottomTitle = "cut (stem, stages and blocks)",
            SideTitle = "fall of loss, nats",
            Label = "Fall of the held-out loss by one step of couplings at every cut",
        };
        for (var i = 0; i < plan.Cuts.Count; i++)
        {
            Mark(figure.Plot, i - 0.1, plan.Cuts[i].Promised, s_main);
            Mark(figure.Plot, i + 0.1, plan.Cuts[i].Measured, s_other);
        }
        return figure.Svg();
    }

    /// <summary>Share by which the noise raises the loss, over sigma, and the bound.</summary>
    public static string Sigma(PlanSigma sigma)
    {
        double[] x = [0, .. sigma.Points.Select(p => p.Sigma)],
            y = [0, .. sigma.Points.Select(p => 100 * p.Raised)];
        double low = Math.Min(0, y.Min()) - 0.5,
            high = Math.Min(Math.Max(y.Max(), 300 * sigma.Bound), 1000 * sigma.Bound),
            right = x[^1] * 1.05;
        var figure = new Figure
        {
            Width = Width,
            Height = Height,
            Limits = new AxisLimits(0, right, low, high),
            Bottom = Ticks.Between(0, right, 6),
            Side = Ticks.Between(low, high, 5),
            BottomTitle = "sigma",
            SideTitle = "loss raised, %",
            Label = "Share by which the noise raises the expected loss",
        };
        Line(figure.Plot, x, y, s_main);
        figure.Plot.Add.HorizontalLine(100 * sigma.Bound, 1.5f, s_other, LinePattern.Dashed);
        figure.Plot.Add.VerticalLine(sigma.Safe, 1.5f, s_other, LinePattern.Dotted);
        return figure.Svg();
    }

    /// <summary>
    /// Accuracy of the readout over its examples, and what is expected at the task's and at twice as many.
    /// </summary>
    public static string Curve(PlanReport plan)
    {
        (double X, PlanInterval Y)[] points = [.. plan.Curve.Points.Select(p => ((double)p.Examples, p.Accuracy))];
        (double X, PlanInterval Y)[] expected =
        [
            (plan.Examples, plan.Curve.Expected),
            (2 * plan.Examples, plan.Curve.Doubled),
        ];
        double low = Math.Max(0, points.Concat(expected).Min(p => p.Y.Low) - 0.05),
            right = expected[^1].X * 1.05;
        var figure = new Figure
        {
            Width = Width,
            Height = Height,
            Limits = new AxisLimits(0, right, low, 1.01),
            Bottom = Ticks.Between(0, right, 6),
            Side = Ticks.Between(low, 1, 5),
            BottomTitle = "examples",
            SideTitle = "accuracy",
            Label = "Learning curve of a readout alone",
        };
        Line(figure.Plot, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y.Value)], s_main);
        foreach (var (x, y) in points)
            Mark(figure.Plot, x, y, s_main);
        foreach (var (x, y) in expected)
            Mark(figure.Plot, x, y, s_other);
        return figure.Svg();
    }

    /// <summary>Holds all values; intervals that reach far beyond them are cut off.</summary>
    private static (double Low, double High) Range(PlanInterval[] all)
    {
        double least = Math.Min(0, all.Min(v => v.Value)),
            most = Math.Max(0, all.Max(v => v.Value)),
            span = Math.Max(most - least, 1e-3);
        return (
            Math.Max(all.Min(v => v.Low), least - 0.6 * span) - 0.05 * span,
            Math.Min(all.Max(v => v.High), most + 0.6 * span) + 0.05 * span
        );
    }

    private static void Line(Plot plot, double[] x, double[] y, Color color) =>
        plot.Add.ScatterLine(x, y, color).LineWidth = 2;

    private static void Mark(Plot plot, double x, PlanInterval y, Color color)
    {
        plot.Add.Marker(x, y.Value, MarkerShape.FilledCircle, 8, color);
        var line = plot.Add.Line(x, y.Low, x, y.High);
        line.Color = color;
        line.LineWidth = 1.5f;
    }
}
