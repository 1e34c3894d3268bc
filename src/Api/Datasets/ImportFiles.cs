namespace ComodCluster.Api.Datasets;

/// <summary>Files of a kind in an archive.</summary>
[GenerateSerializer, Alias("comod.ImportFiles")]
public sealed record ImportFiles
{
    [Id(0)]
    public int Count { get; init; }

    /// <summary>At most ten, each with the reason where it has one of its own.</summary>
    [Id(1)]
    public IReadOnlyList<string> First { get; init; } = [];
}
