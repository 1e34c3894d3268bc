namespace ComodCluster.Grains.Storage.Backup;

/// <summary>How far a backup is.</summary>
public sealed record BackupState
{
    /// <summary>1, 2, ... within the directory.</summary>
    public required int Number { get; init; }

    /// <summary>The catalog is copied; all counts are 0 before.</summary>
    public required bool HasCatalog { get; init; }

    /// <summary>Blobs that the catalog names, and their bytes.</summary>
    public required int Blobs { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Of these, what is in the backup by now.</summary>
    public required int BlobsDone { get; init; }

    public required long BytesDone { get; init; }

    /// <summary>Of these, what was not there from an earlier backup.</summary>
    public required int BlobsCopied { get; init; }

    public required long BytesCopied { get; init; }

    /// <summary>Whose blobs are missing or damaged in the cluster; the first of them.</summary>
    public required IReadOnlyList<string> Lost { get; init; }
}
