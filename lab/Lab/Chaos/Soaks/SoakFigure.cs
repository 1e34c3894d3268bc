using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Chaos.Soaks;

/// <summary>How a figure of a silo went, after the first third of the time, in which caches fill.</summary>
/// <param name="PerHour">Slope of the line that fits best.</param>
/// <param name="Error">Its standard error, as if samples were independent.</param>
/// <param name="PerTask">Growth by each task that came and went.</param>
internal sealed record SoakFigure(string Name, double First, double Last, double PerHour, double Error, double PerTask)
{
    public static SoakFigure Of(string name, IReadOnlyList<SoakSample> samples, Func<SoakSample, double> value)
    {
        SoakSample[] late = [.. samples.Skip(samples.Count / 3)];
        var line = Line.Fit([.. late.Select(s => s.Seconds / 3600)], [.. late.Select(value)]);
        var hours = (late[^1].Seconds - late[0].Seconds) / 3600;
        return new(
            name,
            value(late[0]),
            value(late[^1]),
            line.Slope,
            line.Error,
            line.Slope * hours / Math.Max(1, late[^1].Tasks - late[0].Tasks)
        );
    }
}
