using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Storage.Disk;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>Backups of the whole cluster into a directory of this machine, while it serves.</summary>
public sealed class BackupSource
{
    private readonly CatalogDatabase _catalog;
    private readonly IBlobDepot _depot;
    private readonly IBlobFiles _files;
    private readonly IBlobHold _hold;
    private readonly UsedBlobs _used;
    private readonly DataDirectory _data;
    private readonly string _cluster;
    private readonly TimeProvider _time;

    internal BackupSource(
        CatalogDatabase catalog,
        IBlobDepot depot,
        IBlobFiles files,
        IBlobHold hold,
        UsedBlobs used,
        DataDirectory data,
        string cluster,
        TimeProvider time
    ) =>
        (_catalog, _depot, _files, _hold, _used, _data, _cluster, _time) = (
            catalog,
            depot,
            files,
            hold,
            used,
            data,
            cluster,
            time
        );

    /// <summary>Begins one; nothing is copied yet. From now on no silo of the cluster deletes blobs.</summary>
    /// <param name="directory">Absolute; made where it is missing, else empty or with earlier backups of this
    /// cluster.</param>
    /// <param name="verify">Reads the blobs that are there from earlier backups, and copies those again that have
    /// changed.</param>
    /// <exception cref="ComodException">backup-running: there is another one; backup-directory: it cannot be written
    /// there; storage-full, storage-unavailable.</exception>
    public async Task<BackupRun> Begin(string directory, bool verify, CancellationToken cancellation)
    {
        var path = Check(directory);
        var held =
            await _hold.TryTake(cancellation).ConfigureAwait(false)
            ?? throw BackupFaults.Running("Another backup of this cluster is under way; wait for it, or end it first.");
        IDisposable? taken = null;
        try
        {
            var folder = new BackupFolder(path, _files);
            taken = folder.Take();
            if (folder.Numbers() is [.., var last] && folder.Read(last).Cluster is var other && other != _cluster)
                throw BackupFaults.Directory(
                    $"'{path}' has backups of the cluster '{other}' and this is '{_cluster}'; name another directory."
                );
            return new BackupRun(_catalog, _depot, _used, folder, taken, held, _cluster, verify, _time);
        }
        catch
        {
            taken?.Dispose();
            await held.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private string Check(string directory)
    {
        if (!Path.IsPathFullyQualified(directory) || directory.AsSpan().ContainsAny(Path.GetInvalidPathChars()))
            throw BackupFaults.Directory(
                $"'{directory}' is no absolute path; the silo writes on its own machine, so name a directory there by "
                    + $"its whole path."
            );
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (IsWithin(path, _data.Root) || IsWithin(path, _data.Blobs))
            throw BackupFaults.Directory(
                $"'{path}' is inside the silo's own data and would be lost with it; name a directory on another disk."
            );
        if (File.Exists(path))
            throw BackupFaults.Directory($"'{path}' is a file; name a directory.");
        return path;
    }

    private static bool IsWithin(string path, string folder) =>
        Path.GetRelativePath(folder, path) is var way
        && way != ".."
        && !way.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !Path.IsPathRooted(way);
}
