namespace ComodCluster.Contracts.Cluster;

/// <summary>In which format the cluster stores records, and which formats its silos know. Formats only go up; old ones are read forever.</summary>
public sealed record ClusterInfo
{
    /// <summary>What writers write.</summary>
    public required int Format { get; init; }

    /// <summary>The latest format that every silo reads: what the cluster can be raised to.</summary>
    public required int Newest { get; init; }

    /// <summary>Silos that are alive, by name.</summary>
    public required IReadOnlyList<SiloFormats> Silos { get; init; }
}

/// <summary>The formats that one silo reads and writes.</summary>
public sealed record SiloFormats
{
    public required string Name { get; init; }

    /// <summary>Orleans address, <c>ip:port@generation</c>.</summary>
    public required string Silo { get; init; }
    public required int Oldest { get; init; }
    public required int Newest { get; init; }
}

/// <summary>Raises the format that the cluster writes.</summary>
public sealed record FormatRequest
{
    public required int Format { get; init; }

    /// <summary>Only says whether it would be done.</summary>
    public bool DryRun { get; init; }
}
