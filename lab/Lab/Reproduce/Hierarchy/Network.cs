using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>
/// Two locally connected hidden layers and a full readout, above a front end that is computed beforehand.
/// </summary>
internal sealed class Network(Geometry geometry)
{
    public Geometry Geometry => geometry;

    public Wiring First { get; } = Wiring.Pool(geometry.Positions, geometry.Orientations, 1, geometry.Features);

    public Wiring Second { get; } =
        Wiring.Pool(geometry.Positions - 1, geometry.Orientations, geometry.Features, geometry.Features);

    public Wiring Readout { get; } = Wiring.Full(geometry.SecondHidden, geometry.Orientations);

    public int Classes => geometry.Orientations;

    /// <summary>
    /// Uniform within one over the root of the whole layer below, as the authors' library initialises a masked full
    /// layer.
    /// </summary>
    public Parameters Initial(RandomStream random) =>
        new([
            .. new[] { First, Second, Readout }.SelectMany(wiring =>
                new[] { wiring.Sources.Length, wiring.Units }.Select(count =>
                    Enumerable
                        .Range(0, count)
                        .Select(_ => (float)((2 * random.Uniform() - 1) / Math.Sqrt(wiring.Inputs)))
                        .ToArray()
                )
            ),
        ]);
}
