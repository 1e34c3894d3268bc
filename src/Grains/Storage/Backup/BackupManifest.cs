namespace ComodCluster.Grains.Storage.Backup;

/// <summary>
/// <c>backup-N.json</c>: what one backup is. It is written last, so that a backup without one was cut short.
/// </summary>
public sealed record BackupManifest
{
    /// <summary>Format of the directory that this build writes, and the latest that it reads.</summary>
    public const int NewestFormat = 1;

    public required int Format { get; init; }

    /// <summary>1, 2, ... within the directory.</summary>
    public required int Number { get; init; }

    /// <summary>Id of the cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>Version of the program that wrote it.</summary>
    public required string Build { get; init; }

    /// <summary>When the catalog was copied: everything acknowledged before is in it.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Format of the stored records.</summary>
    public required int Records { get; init; }

    /// <summary>SHA-256 of <c>catalog-N.db</c>, lower-case hexadecimal.</summary>
    public required string Catalog { get; init; }

    /// <summary>Blobs that the catalog names.</summary>
    public required int Blobs { get; init; }

    /// <summary>Bytes of those blobs.</summary>
    public required long Bytes { get; init; }

    /// <summary>Blobs, <c>tenant/digest</c>, that were missing or damaged in the cluster already.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];
}
