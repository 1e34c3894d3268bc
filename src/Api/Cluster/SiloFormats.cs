namespace ComodCluster.Api.Cluster;

/// <summary>The formats that one silo reads and writes.</summary>
public sealed record SiloFormats
{
    public required string Name { get; init; }

    /// <summary>Orleans address, <c>ip:port@generation</c>.</summary>
    public required string Silo { get; init; }
    public required int Oldest { get; init; }
    public required int Newest { get; init; }
}
