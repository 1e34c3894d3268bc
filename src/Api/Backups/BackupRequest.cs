namespace ComodCluster.Api.Backups;

/// <summary>A backup of the whole cluster, into a directory of the silo's machine.</summary>
public sealed record BackupRequest
{
    /// <summary>Absolute path; made where it is missing, else empty or with earlier backups of the cluster.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// Reads the files that are there from earlier backups, and copies those again that have changed.
    /// </summary>
    public bool Verify { get; init; }
}
