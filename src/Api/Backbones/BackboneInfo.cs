namespace ComodCluster.Api.Backbones;

[GenerateSerializer, Alias("comod.BackboneInfo")]
public sealed record BackboneInfo
{
    [Id(0)]
    public required string Uid { get; init; }

    [Id(1)]
    public required string Name { get; init; }

    [Id(2)]
    public required BackbonePhase Phase { get; init; }

    [Id(3)]
    public string? Architecture { get; init; }

    /// <summary>Names of the head's rows; none: the network has no head, and each task a readout of its own.</summary>
    [Id(4)]
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Side of the input in pixels.</summary>
    [Id(5)]
    public int InputSize { get; init; }

    /// <summary>Encoder layers that a task may choose.</summary>
    [Id(6)]
    public IReadOnlyList<string> Cuts { get; init; } = [];

    /// <summary>Length of the decoder gain.</summary>
    [Id(7)]
    public int FeatureWidth { get; init; }

    [Id(8)]
    public long Parameters { get; init; }

    /// <summary>SHA-256 of the weights file, lower-case hexadecimal.</summary>
    [Id(9)]
    public string? Digest { get; init; }

    [Id(10)]
    public string? Notes { get; init; }

    [Id(11)]
    public string? Reason { get; init; }

    [Id(12)]
    public string? Job { get; init; }

    [Id(13)]
    public required DateTimeOffset Created { get; init; }
}
