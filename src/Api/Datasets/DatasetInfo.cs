namespace ComodCluster.Api.Datasets;

[GenerateSerializer, Alias("comod.DatasetInfo")]
public sealed record DatasetInfo
{
    [Id(0)]
    public required string Uid { get; init; }

    [Id(1)]
    public required string Name { get; init; }

    [Id(2)]
    public required DatasetPhase Phase { get; init; }

    [Id(3)]
    public required DatasetSource Source { get; init; }

    [Id(4)]
    public LabelKind? Labels { get; init; }

    /// <summary>Names of the classes or attributes; empty until imported.</summary>
    [Id(5)]
    public IReadOnlyList<string> Classes { get; init; } = [];

    [Id(6)]
    public int TrainImages { get; init; }

    [Id(7)]
    public int TestImages { get; init; }

    [Id(8)]
    public long Bytes { get; init; }

    [Id(9)]
    public string? Digest { get; init; }

    [Id(10)]
    public string? Reason { get; init; }

    /// <summary>The job that imports or imported it.</summary>
    [Id(11)]
    public required string Job { get; init; }

    [Id(12)]
    public required DateTimeOffset Created { get; init; }

    /// <summary>What the import made of an uploaded archive.</summary>
    [Id(13)]
    public ImportReport? Report { get; init; }
}
