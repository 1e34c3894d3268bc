using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Faults;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Deletes blobs that no row of the catalog names.</summary>
internal sealed partial class BlobCollector(
    BlobStore blobs,
    CatalogDatabase catalog,
    UsedBlobs used,
    IBlobHold hold,
    IOptions<StorageOptions> options,
    TimeProvider time,
    ILogger<BlobCollector> logger
)
{
    /// <summary>
    /// Longer than it takes from the storing of a blob to the row that names it, uploads of requests under way
    /// excepted.
    /// </summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a sweep must have known a blob as unused before a later one deletes it, by a clock that does not jump.
    /// </summary>
    public static readonly TimeSpan Watched = TimeSpan.FromMinutes(30);

    // What the latest sweep found unused, with the timestamp of the first that did.
    private Dictionary<BlobAddress, Unused> _unused = [];

    /// <summary>
    /// Mark and sweep. A blob is written before the row that names it, so young ones stay; and because a clock that
    /// jumps makes a blob look old, one goes only where an earlier sweep of this process has found it unused already.
    /// One sweep at a time.
    /// While a backup runs nothing goes.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> Sweep(CancellationToken cancellation)
    {
        var oldest = time.GetUtcNow() - options.Value.BlobGrace;
        var now = time.GetTimestamp();
        var candidates = await blobs
            .All(cancellation)
            .Where(stored => stored.Written <= oldest)
            .ToListAsync(cancellation)
            .ConfigureAwait(false);
        var named = candidates.Count == 0 ? [] : await catalog.Read(used.All, cancellation).ConfigureAwait(false);
        var unused = candidates
            .Where(stored => !named.Contains(stored.Blob))
            .ToDictionary(
                stored => stored.Blob,
                stored =>
                    _unused.TryGetValue(stored.Blob, out var known) && known.Written == stored.Written
                        ? known
                        : new Unused(stored.Written, oldest, now)
            );
        _unused = unused;
        var deleted = 0;
        if (await hold.IsTaken(cancellation).ConfigureAwait(false))
            return deleted;
        foreach (var (blob, known) in unused.Where(u => time.GetElapsedTime(u.Value.Since, now) >= Watched))
        {
            cancellation.ThrowIfCancellationRequested();
            if (await blobs.Delete(blob.Tenant, blob.Digest, known.Oldest, cancellation).ConfigureAwait(false))
                deleted++;
        }
        return deleted;
    }

    /// <summary>
    /// Deletes a blob that its owner is done with, unless another row names it or somebody stored it again later. While
    /// a backup runs it is left to a sweep.
    /// </summary>
    /// <param name="writtenBefore">When the owner stored it, or later.</param>
    public async Task Drop(
        TenantName tenant,
        string digest,
        DateTimeOffset writtenBefore,
        CancellationToken cancellation
    )
    {
        var isNamed = await catalog
            .Read((rows, stop) => used.Has(rows, new(tenant, digest), stop), cancellation)
            .ConfigureAwait(false);
        if (!isNamed && !await hold.IsTaken(cancellation).ConfigureAwait(false))
            await blobs.Delete(tenant, digest, writtenBefore, cancellation).ConfigureAwait(false);
    }

    /// <summary>As <see cref="Drop"/>; where it fails, the sweep deletes the blob later.</summary>
    public async Task DropQuietly(TenantName tenant, string digest, DateTimeOffset writtenBefore)
    {
        try
        {
            await Drop(tenant, digest, writtenBefore, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault)
        {
            LogKept(logger, digest, fault.Message);
        }
    }

    private readonly record struct Unused(DateTimeOffset Written, DateTimeOffset Oldest, long Since);

    [LoggerMessage(
        GrainEvents.BlobKept,
        LogLevel.Warning,
        "The unused blob {Digest} is kept until the next sweep: {Reason}"
    )]
    private static partial void LogKept(ILogger logger, string digest, string reason);
}
