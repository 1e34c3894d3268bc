using ComodCluster.Cli.Commands.Plotting;
using ScottPlot;

namespace ComodCluster.Lab.Plots;

/// <summary>Lines over one axis.</summary>
/// <param name="Title">Above the plot.</param>
/// <param name="XTitle">With its unit.</param>
/// <param name="YTitle">With its unit.</param>
/// <param name="Low">Bottom of the y axis.</param>
/// <param name="High">Top of the y axis.</param>
internal sealed record LinePlot(
    string Title,
    string XTitle,
    string YTitle,
    double Low,
    double High,
    IReadOnlyList<PlotLine> Lines
)
{
    private const int Width = 760,
        Height = 420,
        Margin = 180;

    /// <summary>Room between two names, as a part of the axis.</summary>
    private const double NameHeight = 0.05;

    /// <summary>Equal factors take equal lengths; every x is above 0.</summary>
    public bool LogX { get; init; }

    public Figure Figure()
    {
        double[] xs = [.. Lines.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order()];
        if (xs.Length == 0 || (LogX && xs[0] <= 0))
            throw new InvalidOperationException("A plot needs points, and with a logarithmic axis x above 0.");
        double left = Scaled(xs[0]),
            right = Scaled(xs[^1]),
            margin = Math.Max((right - left) * 0.02, 1e-6);
        var figure = new Figure
        {
            Width = Width,
            Height = Height,
            Right = Margin,
            Top = 36,
            Limits = new AxisLimits(left - margin, right + margin, Low, High),
            Bottom = LogX ? Spaced(xs) : Ticks.Between(left, right, 6),
            Side = Ticks.Between(Low, High, 6),
            BottomTitle = XTitle,
            SideTitle = YTitle,
            Title = Title,
            Label = Title,
            Annotations = Names(),
        };
        foreach (var line in Lines)
        {
            var (color, x) = (Color.FromHex(line.Color), line.Points.Select(point => Scaled(point.X)).ToArray());
            if (x.Length > 1)
            {
                var band = figure.Plot.Add.FillY(
                    x,
                    [.. line.Points.Select(point => Within(point.Y.Low))],
                    [.. line.Points.Select(point => Within(point.Y.High))]
                );
                band.FillColor = color.WithAlpha(0.18);
                band.LineWidth = 0;
                band.MarkerSize = 0;
            }
            var scatter = figure.Plot.Add.Scatter(x, line.Points.Select(point => point.Y.Mean).ToArray(), color);
            scatter.LineWidth = 2;
            scatter.MarkerSize = line.Dashed ? 0 : 5;
            if (line.Dashed)
                scatter.LinePattern = LinePattern.Dashed;
        }
        return figure;
    }

    private double Scaled(double x) => LogX ? Math.Log10(x) : x;

    private double Within(double y) => Math.Clamp(y, Low, High);

    /// <summary>Every x whose label has room.</summary>
    private static Ticks Spaced(double[] xs)
    {
        var (kept, span) = (new List<double>(), Math.Log10(xs[^1] / xs[0]));
        foreach (var x in xs)
            if (kept.Count == 0 || Math.Log10(x / kept[^1]) >= span * 0.055)
                kept.Add(x);
        return new([.. kept.Select(Math.Log10)], [.. kept.Select(x => $"{x:0.##}")]);
    }

    /// <summary>The names at the ends of their lines, moved apart where they would overlap.</summary>
    private List<Annotation> Names()
    {
        var room = (High - Low) * NameHeight;
        var ends = Lines
            .Where(line => line.Points.Count > 0 && line.Name.Length > 0)
            .OrderBy(line => line.Points[^1].Y.Mean)
            .ToArray();
        var heights = ends.Select(line => Within(line.Points[^1].Y.Mean)).ToArray();
        for (var i = 1; i < heights.Length; i++)
            heights[i] = Math.Max(heights[i], heights[i - 1] + room);
        for (var i = heights.Length - 1; i >= 0; i--)
            heights[i] = Math.Min(heights[i], High - room * (heights.Length - 1 - i));
        return
        [
            .. ends.Zip(
                heights,
                (line, y) =>
                    new Annotation(
                        Scaled(Lines.Max(other => other.Points.Count == 0 ? 0 : other.Points[^1].X)),
                        y,
                        line.Name,
                        line.Color
                    )
            ),
        ];
    }
}
