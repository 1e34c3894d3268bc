using System.Globalization;
using ComodCluster.Api;
using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Disk;

/// <summary>Room on a disk: uploads leave some of it to what stores its work there.</summary>
/// <param name="path">On the disk.</param>
/// <param name="leave">Bytes; null: <see cref="Usual"/>.</param>
public sealed class DiskSpace(string path, long? leave)
{
    private const long Least = 1L << 30,
        Most = 10L << 30;

    /// <summary>A twentieth of the disk, 1 to 10 GiB, and at most a tenth of the disk.</summary>
    public static long Usual(long diskBytes) => Math.Min(Math.Clamp(diskBytes / 20, Least, Most), diskBytes / 10);

    /// <param name="bytes">That are to come.</param>
    /// <exception cref="ComodException">storage-full: too little would be left.</exception>
    /// <exception cref="IOException">The disk cannot be asked.</exception>
    public void Require(long bytes)
    {
        var disk = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : path);
        var (free, left) = (disk.AvailableFreeSpace, leave ?? Usual(disk.TotalSize));
        if (free - bytes < left)
            throw new ComodException(
                ErrorCodes.StorageFull,
                507,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The disk of the data directory has {free >> 20} MiB free and uploads leave {left >> 20} MiB to what "
                        + $"runs; free space or delete data sets that no task needs, then try again."
                )
            );
    }
}
