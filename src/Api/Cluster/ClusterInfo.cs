namespace ComodCluster.Api.Cluster;

/// <summary>
/// In which format the cluster stores records, and which formats its silos know. Formats only go up; old ones are read
/// forever.
/// </summary>
public sealed record ClusterInfo
{
    /// <summary>What writers write.</summary>
    public required int Format { get; init; }

    /// <summary>The latest format that every silo reads: what the cluster can be raised to.</summary>
    public required int Newest { get; init; }

    /// <summary>Silos that are alive, by name.</summary>
    public required IReadOnlyList<SiloFormats> Silos { get; init; }
}
