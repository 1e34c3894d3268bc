namespace ComodCluster.Api.Datasets;

[GenerateSerializer, Alias("comod.DatasetSource")]
public sealed record DatasetSource
{
    [Id(0)]
    public required DatasetSourceKind Kind { get; init; }

    /// <summary>Digest of the uploaded archive; set by the server.</summary>
    [Id(1)]
    public string? Blob { get; init; }

    /// <summary>For <see cref="DatasetSourceKind.Scenes"/> and <see cref="DatasetSourceKind.Clutter"/>.</summary>
    [Id(2)]
    public CanvasSpec? Canvas { get; init; }

    /// <summary>Name of the data set whose images are composed; for <see cref="DatasetSourceKind.Clutter"/>.</summary>
    [Id(3)]
    public string? From { get; init; }

    /// <summary>Seed of the held-out fifth where an uploaded archive has no test split.</summary>
    [Id(4)]
    public int Seed { get; init; }

    /// <summary>How an uploaded archive is read; null: all of it is found out.</summary>
    [Id(5)]
    public ImportSettings? Import { get; init; }

    /// <summary>When the archive was stored, by the clock of where it is; set by the server.</summary>
    [Id(6)]
    public DateTimeOffset? Stored { get; init; }
}
