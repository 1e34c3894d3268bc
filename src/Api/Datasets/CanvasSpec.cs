namespace ComodCluster.Api.Datasets;

/// <summary>
/// Canvases of 3x3 cells of 16x16 pixels: an object of one of the classes at the station, any objects elsewhere.
/// </summary>
[GenerateSerializer, Alias("comod.CanvasSpec")]
public sealed record CanvasSpec
{
    /// <summary>At least two classes of the objects.</summary>
    [Id(0)]
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Cell of the relevant object, 0 to 8, row by row.</summary>
    [Id(1)]
    public required int Station { get; init; }

    [Id(2)]
    public int Train { get; init; } = 400;

    [Id(3)]
    public int Test { get; init; } = 600;

    [Id(4)]
    public int Seed { get; init; }
}
