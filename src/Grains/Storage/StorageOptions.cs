using ComodCluster.Grains.Storage.Blobs.S3;

namespace ComodCluster.Grains.Storage;

/// <summary>Where a silo stores what it acknowledges.</summary>
public sealed class StorageOptions
{
    /// <summary>Directory of the catalog and the blobs; made if it is missing; one process at a time.</summary>
    public string Directory { get; set; } = "";

    /// <summary>
    /// Connection string of a PostgreSQL database that has the catalog; null: SQLite in the directory, for one process.
    /// </summary>
    public string? Database { get; set; }

    /// <summary>Name of the cluster that the database belongs to.</summary>
    public string Cluster { get; set; } = "comod";

    /// <summary>
    /// Directory or <c>s3://bucket/prefix</c> of the blobs, shared by all silos on the same database; null:
    /// <c>blobs</c> in the directory.
    /// </summary>
    public string? Blobs { get; set; }

    /// <summary>Bytes of the disk that uploads leave free; null: <see cref="Disk.DiskSpace.Usual"/>.</summary>
    public long? LeaveFree { get; set; }

    public S3Options S3 { get; set; } = new();

    /// <summary>
    /// The number that the refusal <c>catalog-behind</c> names: the silo starts in spite of it, once. Null: none.
    /// </summary>
    public long? AcceptLostWrites { get; set; }

    /// <summary>
    /// The word that a sweep names which holds blobs back: it lets go of these, once. Null: none.
    /// </summary>
    public string? ReleaseBlobs { get; set; }

    /// <summary>
    /// How long a condemned blob is kept. A row is written after its blob, so this must be longer than any job.
    /// </summary>
    public TimeSpan BlobGrace { get; set; } = TimeSpan.FromHours(24);
}
