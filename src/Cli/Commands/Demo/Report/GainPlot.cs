using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands.Plotting;
using ScottPlot;

namespace ComodCluster.Cli.Commands.Demo.Report;

/// <summary>Histogram of the decoder gain over the units of the decoder layer (mean 1).</summary>
internal static class GainPlot
{
    private const int Bins = 24;

    public static string Render(AdaptedTask task)
    {
        var gains = task
            .Maps.Where(entry => entry.Method == Method.Comodulation)
            .SelectMany(entry => entry.Maps.DecoderGain)
            .Select(gain => (double)gain)
            .ToArray();
        var top = Math.Max(2, gains.DefaultIfEmpty(1).Max());
        var width = top / Bins;
        var counts = new double[Bins];
        foreach (var gain in gains)
            counts[Math.Clamp((int)(gain / width), 0, Bins - 1)]++;
        var highest = Math.Max(1, counts.Max()) * 1.08;
        var figure = new Figure
        {
            Width = 420,
            Height = 210,
            Limits = new AxisLimits(0, top, 0, highest),
            Bottom = Ticks.Between(0, top, 5),
            Side = Ticks.Between(0, highest, 4),
            BottomTitle = "decoder gain",
            SideTitle = "units",
            Label = $"Decoder gains of {task.Task.Title} ({task.Task.Place})",
        };
        var bars = figure.Plot.Add.Bars(Enumerable.Range(0, Bins).Select(bin => (bin + 0.5) * width).ToArray(), counts);
        foreach (var bar in bars.Bars)
        {
            bar.Size = width * 0.9;
            bar.FillColor = Color.FromHex(MethodStyle.Color(Method.Comodulation));
            bar.LineWidth = 0;
        }
        figure.Plot.Add.VerticalLine(1, 1.5f, Color.FromHex(MethodStyle.Color(Method.Gain)), LinePattern.Dashed);
        return figure.Svg();
    }
}
