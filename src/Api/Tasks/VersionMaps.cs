namespace ComodCluster.Api.Tasks;

/// <summary>The inside of a version, for plots.</summary>
[GenerateSerializer, Alias("comod.VersionMaps")]
public sealed record VersionMaps
{
    [Id(0)]
    public required int Version { get; init; }

    /// <summary>
    /// Couplings of the channels, [C]; empty for methods without. Of several modulated layers, one layer's after the
    /// other's.
    /// </summary>
    [Id(1)]
    public required IReadOnlyList<float> Channel { get; init; }

    /// <summary>
    /// Couplings of the positions, [GridHeight x GridWidth], row by row. Of several modulated layers, one layer's grid
    /// after the other's, and GridHeight is 1.
    /// </summary>
    [Id(2)]
    public required IReadOnlyList<float> Spatial { get; init; }

    [Id(3)]
    public required int GridHeight { get; init; }

    [Id(4)]
    public required int GridWidth { get; init; }

    /// <summary>Decoder gain, [D], mean 1. Of gains per class the mean over the classes.</summary>
    [Id(5)]
    public required IReadOnlyList<float> DecoderGain { get; init; }

    [Id(6)]
    public required IReadOnlyList<CurvePoint> Curve { get; init; }
}
