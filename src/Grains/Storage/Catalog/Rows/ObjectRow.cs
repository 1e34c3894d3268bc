namespace ComodCluster.Grains.Storage.Catalog.Rows;

/// <summary>
/// A task, data set or backbone, or the cluster itself. Deleted objects stay as tombstones for a while; their names are
/// free, and their uids are never given again.
/// </summary>
public sealed class ObjectRow : IStoredRow
{
    public required string Uid { get; init; }
    public required string Kind { get; init; }
    public required string Tenant { get; init; }
    public required string Name { get; init; }

    /// <summary>As the HTTP API spells it; the payload has the same.</summary>
    public required string Phase { get; set; }

    /// <summary>Digest of the blob that the object needs; null where there is none.</summary>
    public string? Blob { get; set; }

    /// <summary>Counts the writes; a write with another value than the stored one is refused.</summary>
    public long Etag { get; set; }

    /// <summary>Format of the payload; never falls.</summary>
    public required int Schema { get; set; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>JSON of the object's record.</summary>
    public required string Payload { get; set; }
}
