namespace ComodCluster.Api;

/// <summary>Problem codes of the HTTP API: stable, never reused for another meaning.</summary>
public static class ErrorCodes
{
    public const string NotFound = "not-found";
    public const string NameTaken = "name-taken";
    public const string NameInvalid = "name-invalid";
    public const string RequestInvalid = "request-invalid";

    /// <summary>A setting, or a version made with it, of an earlier build: this one has it no more.</summary>
    public const string SettingsRemoved = "settings-removed";
    public const string InUse = "in-use";
    public const string NotReady = "not-ready";
    public const string NoVersion = "no-version";

    /// <summary>The version was made for comparison and cannot be activated.</summary>
    public const string VersionComparison = "version-comparison";
    public const string JobConflict = "job-conflict";
    public const string JobFinished = "job-finished";

    /// <summary>A user ended the job.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Its worker died again and again while the job ran.</summary>
    public const string WorkerDied = "worker-died";

    /// <summary>The worker's process ends, so that it takes no work any more.</summary>
    public const string WorkerStopping = "worker-stopping";
    public const string Busy = "busy";

    /// <summary>Even a batch of one image does not fit into the device's memory.</summary>
    public const string DeviceMemory = "device-memory";

    /// <summary>The worker's device computes nothing any more, and its process ends.</summary>
    public const string DeviceLost = "device-lost";
    public const string StorageFull = "storage-full";
    public const string StorageUnavailable = "storage-unavailable";

    /// <summary>A row that a later build wrote, or that is damaged.</summary>
    public const string RecordUnreadable = "record-unreadable";

    /// <summary>A silo of the cluster could not read the format.</summary>
    public const string FormatUnreadable = "format-unreadable";
    public const string BlobDamaged = "blob-damaged";

    /// <summary>Another backup of the cluster, or into the same directory, is under way.</summary>
    public const string BackupRunning = "backup-running";

    /// <summary>A backup cannot be written into that directory.</summary>
    public const string BackupDirectory = "backup-directory";
    public const string UploadTooLarge = "upload-too-large";
    public const string Internal = "internal";
}
