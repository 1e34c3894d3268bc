using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Plots;

/// <summary>
/// A line through means, with its intervals as a band and its name at its end; no name: it is explained by the line of
/// its colour.
/// </summary>
/// <param name="Color">As hexadecimal digits with <c>#</c>, legible on light and on dark ground.</param>
/// <param name="Points">By x, ascending.</param>
internal sealed record PlotLine(string Name, string Color, IReadOnlyList<(double X, Spread Y)> Points)
{
    public bool Dashed { get; init; }
}
