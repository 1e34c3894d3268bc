using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Faults;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>Why a backup cannot be written or restored: cause and fix.</summary>
internal static class BackupFaults
{
    /// <summary>What the disk of the backup's directory did; null for a failure of another kind.</summary>
    public static ComodException? Of(Exception failure, string directory) =>
        failure is not (IOException or UnauthorizedAccessException) ? null
        : StorageFaults.Translate(failure)?.Code == ErrorCodes.StorageFull ? Full(directory, failure)
        : new(
            ErrorCodes.StorageUnavailable,
            503,
            $"The directory of the backup '{directory}' cannot be written ({failure.Message.TrimEnd('.')}); check its "
                + $"disk and that the user of the silo may write there, then back up again.",
            failure
        );

    public static ComodException Full(string directory, Exception cause) =>
        new(
            ErrorCodes.StorageFull,
            507,
            $"The disk of the backup's directory '{directory}' is full; free space there, then back up again: what is "
                + $"there is not copied twice, and earlier backups are whole.",
            cause
        );

    public static ComodException Directory(string sentence) => new(ErrorCodes.BackupDirectory, 422, sentence);

    public static ComodException Running(string sentence) =>
        ComodException.Conflict(ErrorCodes.BackupRunning, sentence);

    public static InputException Incomplete(string sentence) => new("backup-incomplete", sentence);

    public static InputException Damaged(string sentence) => new("backup-damaged", sentence);

    public static InputException Target(string sentence) => new("restore-target", sentence);
}
