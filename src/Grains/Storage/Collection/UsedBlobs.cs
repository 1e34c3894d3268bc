using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Blobs that the rows of a catalog name; deleted objects name none.</summary>
internal sealed class UsedBlobs(IEnumerable<IBlobReferences> references)
{
    /// <summary>Whether a row names the blob.</summary>
    public async Task<bool> Has(CatalogContext catalog, BlobAddress blob, CancellationToken cancellation)
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
            || (await InRecords(catalog, everNamed: false, cancellation).ConfigureAwait(false)).Contains(blob);
    }

    /// <summary>Every blob that a row names.</summary>
    public Task<HashSet<BlobAddress>> All(CatalogContext catalog, CancellationToken cancellation) =>
        Named(catalog, everNamed: false, cancellation);

    /// <summary>Those, and the blobs of deleted objects and ended jobs: the catalog knows where they come
    /// from.</summary>
    public Task<HashSet<BlobAddress>> Known(CatalogContext catalog, CancellationToken cancellation) =>
        Named(catalog, everNamed: true, cancellation);

    private async Task<HashSet<BlobAddress>> Named(
        CatalogContext catalog,
        bool everNamed,
        CancellationToken cancellation
    )
    {
        var alive = catalog.Objects.Where(o => everNamed || o.Phase != ObjectPhase.Deleted);
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
        return [.. inColumns, .. await InRecords(catalog, everNamed, cancellation).ConfigureAwait(false)];
    }

    private async Task<HashSet<BlobAddress>> InRecords(
        CatalogContext catalog,
        bool everNamed,
        CancellationToken cancellation
    )
    {
        var used = new HashSet<BlobAddress>();
        foreach (var one in references)
            used.UnionWith(await one.Used(catalog, everNamed, cancellation).ConfigureAwait(false));
        return used;
    }
}
