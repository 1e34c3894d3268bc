using System.Collections.Concurrent;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Storage.Identity;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>
/// Puts a backup into an empty place: first the blobs, last all rows in one transaction. No silo runs there meanwhile.
/// </summary>
public sealed class BackupRestore
{
    private const int BlobsAtOnce = 8;

    private readonly CatalogDatabase _catalog;
    private readonly BlobStore _blobs;
    private readonly IBlobDepot _depot;
    private readonly IBlobFiles _files;
    private readonly UsedBlobs _used;
    private readonly DataDirectory _data;
    private readonly TimeProvider _time;

    private int _done;
    private long _bytesDone;

    internal BackupRestore(
        CatalogDatabase catalog,
        BlobStore blobs,
        IBlobDepot depot,
        IBlobFiles files,
        UsedBlobs used,
        DataDirectory data,
        TimeProvider time
    ) => (_catalog, _blobs, _depot, _files, _used, _data, _time) = (catalog, blobs, depot, files, used, data, time);

    /// <summary>Something is outside of the data directory by now: in a database, or in a place of blobs.</summary>
    public bool HasWritten { get; private set; }

    /// <param name="directory">Of the backups.</param>
    /// <param name="number">Which of them; null: the latest finished one.</param>
    /// <exception cref="InputException">backup-incomplete, backup-damaged, backup-newer.</exception>
    public static BackupManifest Find(string directory, int? number)
    {
        var folder = new BackupFolder(directory, new DiskFiles());
        if (!Directory.Exists(directory))
            throw BackupFaults.Incomplete($"There is no directory '{directory}'; name that of a backup.");
        IReadOnlyList<int> numbers;
        try
        {
            numbers = folder.Numbers();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BackupFaults.Incomplete($"'{directory}' cannot be read ({e.Message.TrimEnd('.')}); see to its disk.");
        }
        if (numbers.Count == 0)
            throw BackupFaults.Incomplete(
                $"'{directory}' has no finished backup: there is no backup-N.json. Back up into it to its end, or name "
                    + $"another directory."
            );
        if (number is { } wanted && !numbers.Contains(wanted))
            throw BackupFaults.Incomplete(
                $"'{directory}' has no finished backup {wanted}; there are {string.Join(", ", numbers)}."
            );
        return folder.Read(number ?? numbers[^1]);
    }

    /// <param name="directory">Of the backups.</param>
    /// <param name="backup">One that <see cref="Find"/> found there.</param>
    /// <param name="skipsLost">Goes on without blobs that are missing or damaged: what needs them says so when it is
    /// used.</param>
    /// <param name="told">How far it is, after each blob.</param>
    /// <exception cref="InputException">backup-damaged, catalog-newer, format-unreadable, restore-target; what a silo's
    /// start refuses.</exception>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    /// <returns>What was skipped: whose blobs are lost.</returns>
    public async Task<IReadOnlyList<string>> Run(
        string directory,
        BackupManifest backup,
        bool skipsLost,
        Action<RestoreState> told,
        CancellationToken cancellation
    )
    {
        var folder = new BackupFolder(directory, _files);
        await _depot.Verify(cancellation).ConfigureAwait(false);
        if (await _depot.All(cancellation).AnyAsync(cancellation).ConfigureAwait(false))
            throw BackupFaults.Target($"The {_depot.Place} is not empty; name a new place in Comod:Blobs.");
        var copy = Path.Combine(_data.Root, "restore.db");
        try
        {
            await CopyCatalog(folder, backup, copy, cancellation).ConfigureAwait(false);
            using var source = new CatalogDatabase(new SqliteCatalog(copy), _catalog.Formats);
            return await Restore(source, folder, backup, skipsLost, told, cancellation).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private async Task<IReadOnlyList<string>> Restore(
        CatalogDatabase source,
        BackupFolder folder,
        BackupManifest backup,
        bool skipsLost,
        Action<RestoreState> told,
        CancellationToken cancellation
    )
    {
        var named = await source.Read(_used.All, cancellation).ConfigureAwait(false);
        var missing = named.Where(blob => !File.Exists(folder.BlobPath(blob)));
        Refuse(await Owners(source, missing, cancellation).ConfigureAwait(false), skipsLost);
        await _catalog.Open(cancellation).ConfigureAwait(false);
        await RefuseRows(cancellation).ConfigureAwait(false);
        HasWritten = true;
        // From here to the end the place counts as one that has lost writes: no silo starts on half of a restore.
        await Saw(writes: 1, lost: 1).ConfigureAwait(false);
        var damaged = await CopyBlobs(folder, backup, named, told, cancellation).ConfigureAwait(false);
        var lost = await Owners(source, damaged, cancellation).ConfigureAwait(false);
        Refuse(lost, skipsLost);
        await source
            .Read((from, stop) => _catalog.Write((to, inner) => CatalogRows.Copy(from, to, inner), stop), cancellation)
            .ConfigureAwait(false);
        await Saw((await _catalog.Writes(cancellation).ConfigureAwait(false)).Has, lost: 0).ConfigureAwait(false);
        return lost;

        Task Saw(long writes, long lost) =>
            _depot.WriteNote(
                SeenWrites.FileName,
                new SeenWrites(writes, _time.GetUtcNow(), lost).ToText(),
                cancellation
            );
    }

    private async Task CopyCatalog(
        BackupFolder folder,
        BackupManifest manifest,
        string to,
        CancellationToken cancellation
    )
    {
        var from = folder.CatalogPath(manifest.Number);
        if (!File.Exists(from))
            throw BackupFaults.Damaged($"'{from}' is missing; name another backup of the directory with --backup.");
        string digest;
        await using (var read = _files.OpenRead(from))
        await using (var file = File.Create(to))
        {
            await using var written = new DigestStream(file, _ => { }, _ => null);
            await read.CopyToAsync(written, cancellation).ConfigureAwait(false);
            digest = written.Digest();
        }
        if (digest != manifest.Catalog)
            throw BackupFaults.Damaged(
                $"'{from}' has changed since it was written; name another backup of the directory with --backup."
            );
    }

    private async Task RefuseRows(CancellationToken cancellation)
    {
        if (
            await _catalog
                .Read(
                    async (rows, stop) =>
                        await rows.Objects.AnyAsync(stop).ConfigureAwait(false)
                        || await rows.Jobs.AnyAsync(stop).ConfigureAwait(false),
                    cancellation
                )
                .ConfigureAwait(false)
        )
            throw BackupFaults.Target("The database is in use already; name an empty one in Comod:Database.");
    }

    /// <returns>Those that are missing or damaged.</returns>
    private async Task<IReadOnlyCollection<BlobAddress>> CopyBlobs(
        BackupFolder folder,
        BackupManifest manifest,
        IReadOnlyCollection<BlobAddress> named,
        Action<RestoreState> told,
        CancellationToken cancellation
    )
    {
        var lost = new ConcurrentBag<BlobAddress>();
        await Parallel
            .ForEachAsync(
                named,
                new ParallelOptions { MaxDegreeOfParallelism = BlobsAtOnce, CancellationToken = cancellation },
                async (blob, stop) =>
                {
                    if (await Copy(blob, stop).ConfigureAwait(false) is { } length)
                        told(
                            new(
                                named.Count,
                                manifest.Bytes,
                                Interlocked.Increment(ref _done),
                                Interlocked.Add(ref _bytesDone, length)
                            )
                        );
                    else
                        lost.Add(blob);
                }
            )
            .ConfigureAwait(false);
        return lost;

        async Task<long?> Copy(BlobAddress blob, CancellationToken stop)
        {
            if (!File.Exists(folder.BlobPath(blob)))
                return null;
            try
            {
                await using var content = _files.OpenRead(folder.BlobPath(blob));
                await using var received = await _blobs.Receive(content, null, stop).ConfigureAwait(false);
                return received.Digest == blob.Digest
                    ? (await received.Keep(blob.Tenant, stop).ConfigureAwait(false)).Length
                    : null;
            }
            catch (Exception e) when (e is ComodException or IOException or UnauthorizedAccessException)
            {
                // It is the disk of the backup or that of the place.
                if (await folder.Has(blob, null, readsBytes: true, stop).ConfigureAwait(false))
                    throw;
                return null;
            }
        }
    }

    private static async Task<IReadOnlyList<string>> Owners(
        CatalogDatabase source,
        IEnumerable<BlobAddress> lost,
        CancellationToken cancellation
    )
    {
        BlobAddress[] all = [.. lost];
        return all.Length == 0
            ? []
            : await source.Read((rows, stop) => BlobOwners.Of(rows, all, stop), cancellation).ConfigureAwait(false);
    }

    private static void Refuse(IReadOnlyList<string> lost, bool skipsLost)
    {
        if (lost.Count > 0 && !skipsLost)
            throw BackupFaults.Damaged(
                $"Files are missing from the backup or have changed in it, and these would be lost: "
                    + $"{string.Join(", ", lost)}. Restore another backup, or go on without them with --skip-lost."
            );
    }
}
