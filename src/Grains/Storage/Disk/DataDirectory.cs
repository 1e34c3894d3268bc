using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;

namespace ComodCluster.Grains.Storage.Disk;

/// <summary>
/// The directory of one process: made if it is missing and locked until it is disposed, or the process ends in any way.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "comod.lock",
        PidName = "comod.pid",
        BlobsMark = ".comod";

    private readonly FileStream _lock;
    private readonly bool _shared;

    /// <param name="directory">A directory that no other process uses.</param>
    /// <param name="blobs">Shared with others; null: below <paramref name="directory"/>.</param>
    /// <param name="leaveFree">Bytes that uploads leave free; null: <see cref="DiskSpace.Usual"/>.</param>
    /// <exception cref="InputException"><c>directory-in-use</c>: another process has it;
    /// <c>directory-unwritable</c>.</exception>
    public DataDirectory(string directory, string? blobs = null, long? leaveFree = null)
    {
        _shared = blobs is not null;
        Root = Path.GetFullPath(directory);
        Blobs = blobs is null ? Path.Combine(Root, "blobs") : Path.GetFullPath(blobs);
        // A finished file is renamed into its place, which only works within one file system.
        Temporary = blobs is null
            ? Path.Combine(Root, "temporary")
            : Path.Combine(Blobs, ".temporary", TemporaryName());
        Space = new DiskSpace(_shared ? Blobs : Root, leaveFree);
        Reserve = new DiskReserve(Path.Combine(Root, "comod.reserve"));
        try
        {
            Directory.CreateDirectory(Root);
            _lock = Lock();
            File.WriteAllText(
                Path.Combine(Root, PidName),
                Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
                Encoding.ASCII
            );
            PrepareBlobs(isOwn: blobs is null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw Unwritable(e);
        }
    }

    public string Root { get; }

    public string Catalog => Path.Combine(Root, "catalog.db");

    public string Blobs { get; }

    /// <summary>Copies of blobs that are kept in a bucket.</summary>
    public string BlobCache => Path.Combine(Root, "blob-cache");

    /// <summary>Files being written: nothing in it matters after a restart.</summary>
    public string Temporary { get; }

    /// <summary>Of the disk that uploads go to.</summary>
    public DiskSpace Space { get; }

    /// <summary>Beside the catalog.</summary>
    public DiskReserve Reserve { get; }

    /// <summary>
    /// Why the directory cannot be relied on, as a clause; null: it is the one that this process began with. What is
    /// written to a directory that was deleted is gone, and to one whose disk was unmounted is somewhere else.
    /// </summary>
    public string? Missing =>
        File.Exists(Path.Combine(Root, LockName))
            ? null
            : "the data directory was deleted or unmounted; put it back, or start the silo again";

    /// <summary>The same of the folder of the blobs.</summary>
    public string? MissingBlobs =>
        (_shared ? null : Missing)
        ?? (
            File.Exists(Path.Combine(Blobs, BlobsMark))
                ? null
                : "the folder of the blobs was deleted or unmounted; put it back, or start the silo again"
        );

    /// <exception cref="ComodException">storage-unavailable: <see cref="Missing"/>.</exception>
    public void RequireThere() => Require(Missing);

    /// <exception cref="ComodException">storage-unavailable: <see cref="MissingBlobs"/>.</exception>
    public void RequireBlobs() => Require(MissingBlobs);

    /// <summary>A file name that nobody uses; makes the directory for it where somebody deleted that alone.</summary>
    /// <exception cref="ComodException">storage-unavailable</exception>
    public string TemporaryPath()
    {
        Require(_shared ? MissingBlobs : Missing);
        Directory.CreateDirectory(Temporary);
        return Path.Combine(Temporary, Guid.NewGuid().ToString("N"));
    }

    public void Dispose() => _lock.Dispose();

    private static void Require(string? missing)
    {
        if (missing is not null)
            throw new ComodException(
                ErrorCodes.StorageUnavailable,
                503,
                $"{char.ToUpperInvariant(missing[0])}{missing[1..]}."
            );
    }

    // The same at every start, so that what a killed process left is found.
    private string TemporaryName() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}\n{Root}")))[..16];

    private FileStream Lock()
    {
        var path = Path.Combine(Root, LockName);
        var before = File.Exists(path);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (before && IsHeldElsewhere(e))
        {
            throw new InputException(
                "directory-in-use",
                $"The data directory '{Root}' is in use by another silo ({Holder()}); stop that one or give this "
                    + $"one a directory of its own with --data-dir.",
                e
            );
        }
    }

    // EAGAIN (Linux), EWOULDBLOCK (macOS), ERROR_SHARING_VIOLATION (Windows).
    private static bool IsHeldElsewhere(IOException failure) => (failure.HResult & 0xFFFF) is 11 or 35 or 32;

    private string Holder()
    {
        try
        {
            return "process " + File.ReadAllText(Path.Combine(Root, PidName)).Trim();
        }
        catch (IOException)
        {
            return "its process is not known yet";
        }
    }

    // On a mount that can only be read the folders may be there already.
    private void PrepareBlobs(bool isOwn)
    {
        var probe = Path.Combine(Temporary, ".probe");
        try
        {
            Directory.CreateDirectory(Blobs);
            Directory.CreateDirectory(Temporary);
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            if (!File.Exists(Path.Combine(Blobs, BlobsMark)))
                File.WriteAllText(Path.Combine(Blobs, BlobsMark), "", Encoding.ASCII);
        }
        catch (Exception e) when (!isOwn && e is (IOException or UnauthorizedAccessException))
        {
            _lock.Dispose();
            throw new InputException(
                "directory-unwritable",
                $"The folder of the blobs '{Blobs}' cannot be written ({e.Message.TrimEnd('.')}); check its mount "
                    + $"and its permissions, or name another one in Comod:Blobs.",
                e
            );
        }
    }

    private InputException Unwritable(Exception cause) =>
        new(
            "directory-unwritable",
            $"The data directory '{Root}' cannot be written ({cause.Message.TrimEnd('.')}); check its disk and its "
                + $"permissions, or choose another one with --data-dir.",
            cause
        );
}
