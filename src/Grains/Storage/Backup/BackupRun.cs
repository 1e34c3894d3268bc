using System.Collections.Concurrent;
using System.Reflection;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Storage.Collection;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>
/// One backup: first the catalog, as it is at one moment, then the blobs that it names, last the manifest. Holds the
/// cluster's blobs and the directory until it is disposed.
/// </summary>
public sealed class BackupRun : IAsyncDisposable
{
    private const int BlobsAtOnce = 8;

    private readonly CatalogDatabase _catalog;
    private readonly IBlobDepot _depot;
    private readonly UsedBlobs _used;
    private readonly BackupFolder _folder;
    private readonly IDisposable _taken;
    private readonly IAsyncDisposable _held;
    private readonly string _cluster;
    private readonly bool _verify;
    private readonly TimeProvider _time;

    private readonly int _number;
    private readonly ConcurrentBag<BlobAddress> _lostBlobs = [];
    private volatile IReadOnlyList<string> _lost = [];
    private volatile bool _hasCatalog;
    private int _blobs,
        _blobsDone,
        _blobsCopied,
        _ended;
    private long _bytes,
        _bytesDone,
        _bytesCopied;

    internal BackupRun(
        CatalogDatabase catalog,
        IBlobDepot depot,
        UsedBlobs used,
        BackupFolder folder,
        IDisposable taken,
        IAsyncDisposable held,
        string cluster,
        bool verify,
        TimeProvider time
    )
    {
        (_catalog, _depot, _used, _folder, _taken, _held) = (catalog, depot, used, folder, taken, held);
        (_cluster, _verify, _time) = (cluster, verify, time);
        _number = folder.Numbers() is [.., var last] ? last + 1 : 1;
    }

    /// <summary>How far it is; asked from any thread.</summary>
    public BackupState State =>
        new()
        {
            Number = _number,
            HasCatalog = _hasCatalog,
            Blobs = Volatile.Read(ref _blobs),
            Bytes = Volatile.Read(ref _bytes),
            BlobsDone = Volatile.Read(ref _blobsDone),
            BytesDone = Volatile.Read(ref _bytesDone),
            BlobsCopied = Volatile.Read(ref _blobsCopied),
            BytesCopied = Volatile.Read(ref _bytesCopied),
            Lost = _lost,
        };

    /// <summary>Runs it to its end; once.</summary>
    /// <exception cref="ComodException">storage-full, storage-unavailable. What is copied by then is not copied again,
    /// and earlier backups are whole.</exception>
    public async Task Copy(CancellationToken cancellation)
    {
        var draft = _folder.TemporaryPath();
        var created = _time.GetUtcNow();
        try
        {
            await _catalog.CopyTo(draft, cancellation).ConfigureAwait(false);
        }
        catch (ComodException e) when (e.Code == ErrorCodes.StorageFull)
        {
            throw BackupFaults.Full(_folder.Path, e);
        }
        using (var copy = new SqliteCatalog(draft))
        {
            await using var rows = copy.NewContext();
            var named = await _used.All(rows, cancellation).ConfigureAwait(false);
            Volatile.Write(ref _blobs, named.Count);
            _hasCatalog = true;
            await CopyBlobs(named, cancellation).ConfigureAwait(false);
            _lost = await BlobOwners.Of(rows, _lostBlobs, cancellation).ConfigureAwait(false);
        }
        var digest = await _folder.KeepCatalog(draft, _number, cancellation).ConfigureAwait(false);
        _folder.Write(
            new()
            {
                Format = BackupManifest.NewestFormat,
                Number = _number,
                Cluster = _cluster,
                Build = Build,
                Created = created,
                Records = _catalog.Format,
                Catalog = digest,
                Blobs = _blobsDone,
                Bytes = _bytesDone,
                Lost = [.. _lostBlobs.Select(blob => $"{blob.Tenant}/{blob.Digest}").Order(StringComparer.Ordinal)],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
            return;
        _taken.Dispose();
        await _held.DisposeAsync().ConfigureAwait(false);
    }

    private static string Build =>
        typeof(BackupRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    private async Task CopyBlobs(IReadOnlyCollection<BlobAddress> named, CancellationToken cancellation)
    {
        var lengths = new Dictionary<BlobAddress, long>(named.Count);
        await foreach (var (blob, length, _) in _depot.All(cancellation).ConfigureAwait(false))
            if (named.Contains(blob))
                lengths[blob] = length;
        Volatile.Write(ref _bytes, lengths.Values.Sum());
        await Parallel
            .ForEachAsync(
                named,
                new ParallelOptions { MaxDegreeOfParallelism = BlobsAtOnce, CancellationToken = cancellation },
                async (blob, stop) =>
                    await Copy(blob, lengths.TryGetValue(blob, out var length) ? length : null, stop)
                        .ConfigureAwait(false)
            )
            .ConfigureAwait(false);
    }

    private async Task Copy(BlobAddress blob, long? length, CancellationToken cancellation)
    {
        if (length is not null && await _folder.Has(blob, length, _verify, cancellation).ConfigureAwait(false))
        {
            Interlocked.Add(ref _bytesDone, length.Value);
            Interlocked.Increment(ref _blobsDone);
            return;
        }
        var wrote = 0L;
        if (await _folder.Put(blob, Read, Wrote, cancellation).ConfigureAwait(false))
        {
            Interlocked.Increment(ref _blobsDone);
            Interlocked.Increment(ref _blobsCopied);
            return;
        }
        Wrote(-wrote);
        // What the cluster has lost, an earlier backup may still have.
        if (await _folder.Has(blob, null, readsBytes: true, cancellation).ConfigureAwait(false))
            Interlocked.Increment(ref _blobsDone);
        else
            _lostBlobs.Add(blob);

        async Task<bool> Read(Stream to)
        {
            try
            {
                return await _depot.CopyTo(blob, to, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A disk of the cluster that cannot read the file: what the backup's disk does has another type.
                return false;
            }
        }

        void Wrote(long bytes)
        {
            wrote += bytes;
            Interlocked.Add(ref _bytesDone, bytes);
            Interlocked.Add(ref _bytesCopied, bytes);
        }
    }
}
