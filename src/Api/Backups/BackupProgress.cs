namespace ComodCluster.Api.Backups;

/// <summary>A backup as it is.</summary>
public sealed record BackupProgress
{
    /// <summary>Where it is written, on the silo's machine.</summary>
    public required string Directory { get; init; }

    /// <summary>1, 2, ... within the directory.</summary>
    public required int Number { get; init; }

    public required BackupPhase Phase { get; init; }

    /// <summary>Files that the catalog names; 0 while it is copied.</summary>
    public int Blobs { get; init; }

    /// <summary>Bytes of those files.</summary>
    public long Bytes { get; init; }

    /// <summary>Files that are in the backup by now.</summary>
    public int BlobsDone { get; init; }

    /// <summary>Bytes of those files.</summary>
    public long BytesDone { get; init; }

    /// <summary>Files that no earlier backup of the directory had.</summary>
    public int BlobsCopied { get; init; }

    /// <summary>Bytes of those files.</summary>
    public long BytesCopied { get; init; }

    /// <summary>
    /// What the backup lacks, since the cluster has lost it: whose files are missing or damaged. Known at the end.
    /// </summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>Why it failed; null where it did not.</summary>
    public BackupError? Error { get; init; }
}
