using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Faults;
using ComodCluster.Grains.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Deletes blobs that no row of the catalog names.</summary>
internal sealed partial class BlobCollector(
    BlobStore blobs,
    CatalogDatabase catalog,
    IEnumerable<IBlobReferences> references,
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
        var used = candidates.Count == 0 ? [] : await catalog.Read(Used, cancellation).ConfigureAwait(false);
        var unused = candidates
            .Where(stored => !used.Contains(stored.Blob))
            .ToDictionary(
                stored => stored.Blob,
                stored =>
                    _unused.TryGetValue(stored.Blob, out var known) && known.Written == stored.Written
                        ? known
                        : new Unused(stored.Written, oldest, now)
            );
        _unused = unused;
        var deleted = 0;
        foreach (var (blob, known) in unused.Where(u => time.GetElapsedTime(u.Value.Since, now) >= Watched))
        {
            cancellation.ThrowIfCancellationRequested();
            if (await blobs.Delete(blob.Tenant, blob.Digest, known.Oldest, cancellation).ConfigureAwait(false))
                deleted++;
        }
        return deleted;
    }

    /// <summary>
    /// Deletes a blob that its owner is done with, unless another row names it or somebody stored it again later.
    /// </summary>
    /// <param name="writtenBefore">When the owner stored it, or later.</param>
    public async Task Drop(
        TenantName tenant,
        string digest,
        DateTimeOffset writtenBefore,
        CancellationToken cancellation
    )
    {
        var used = await catalog
            .Read((rows, stop) => IsUsed(rows, new(tenant, digest), stop), cancellation)
            .ConfigureAwait(false);
        if (!used)
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

    private async Task<bool> IsUsed(CatalogContext catalog, BlobAddress blob, CancellationToken cancellation)
    {
        var alive = catalog.Objects.Where(o => o.Tenant == blob.Tenant.Value && o.Phase != ObjectPhase.Deleted);
        return await alive.AnyAsync(o => o.Blob == blob.Digest, cancellation).ConfigureAwait(false)
            || await catalog
                .Versions.Where(v => v.Digest == blob.Digest)
                .AnyAsync(v => alive.Any(o => o.Uid == v.TaskUid), cancellation)
                .ConfigureAwait(false)
            || await catalog
                .Jobs.AnyAsync(j => j.Tenant == blob.Tenant.Value && j.Checkpoint == blob.Digest, cancellation)
                .ConfigureAwait(false)
            || (await InRecords(catalog, cancellation).ConfigureAwait(false)).Contains(blob);
    }

    private async Task<HashSet<BlobAddress>> Used(CatalogContext catalog, CancellationToken cancellation)
    {
        var alive = catalog.Objects.Where(o => o.Phase != ObjectPhase.Deleted);
        var ofObjects = await alive
            .Where(o => o.Blob != null)
            .Select(o => new { o.Tenant, Digest = o.Blob! })
            .ToListAsync(cancellation)
            .ConfigureAwait(false);
        var ofVersions = await alive
            .Join(catalog.Versions, o => o.Uid, v => v.TaskUid, (o, v) => new { o.Tenant, v.Digest })
            .ToListAsync(cancellation)
            .ConfigureAwait(false);
        var ofJobs = await catalog
            .Jobs.Where(j => j.Checkpoint != null)
            .Select(j => new { j.Tenant, Digest = j.Checkpoint! })
            .ToListAsync(cancellation)
            .ConfigureAwait(false);
        var inColumns = ofObjects
            .Concat(ofVersions)
            .Concat(ofJobs)
            .Select(blob => new BlobAddress(new(blob.Tenant), blob.Digest));
        return [.. inColumns, .. await InRecords(catalog, cancellation).ConfigureAwait(false)];
    }

    private async Task<HashSet<BlobAddress>> InRecords(CatalogContext catalog, CancellationToken cancellation)
    {
        var used = new HashSet<BlobAddress>();
        foreach (var one in references)
            used.UnionWith(await one.Used(catalog, cancellation).ConfigureAwait(false));
        return used;
    }
}
