namespace ComodCluster.Grains.Storage.Catalog.Rows;

public sealed class JobRow : IStoredRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public required string Kind { get; init; }

    /// <summary>As the HTTP API spells it; <see cref="Info"/> has the same.</summary>
    public required string Phase { get; set; }

    public required string SubjectUid { get; init; }

    /// <summary>Counts the dispatches: what an older dispatch reports is dropped.</summary>
    public long Epoch { get; set; }

    /// <summary>Silo that the latest dispatch went to, <c>ip:port@generation</c>; null before the first.</summary>
    public string? Silo { get; set; }

    /// <summary>Digest of the latest checkpoint's blob.</summary>
    public string? Checkpoint { get; set; }

    public long Etag { get; set; }

    /// <summary>Format of spec and info: a job keeps the one that it began with.</summary>
    public required int Schema { get; init; }

    /// <summary>JSON of the job's spec; never changes.</summary>
    public required string Spec { get; init; }

    /// <summary>JSON of the job as the HTTP API shows it, without progress in between.</summary>
    public required string Info { get; set; }
}
