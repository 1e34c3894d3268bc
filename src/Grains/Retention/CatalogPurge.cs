using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Storage.Watching;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Retention;

/// <summary>
/// Deletes rows whose retention is over, in small transactions. Where several silos do it at once, each row counts for
/// one of them. Nothing is deleted while the catalog has lost writes.
/// </summary>
internal sealed class CatalogPurge(
    CatalogDatabase catalog,
    BlobStore blobs,
    UsedBlobs used,
    CatalogWatch watch,
    RetentionInstruments instruments,
    IOptions<RetentionOptions> options
)
{
    /// <summary>Rows of one transaction at most: others write between two of them.</summary>
    public const int RowsAtOnce = 100;

    private readonly JobPurge _jobs = new(catalog, instruments);
    private readonly ObjectPurge _objects = new(catalog, instruments);

    /// <param name="now">Null: it is not known well enough to delete anything by it.</param>
    public async Task<PurgedRows> Purge(DateTimeOffset? now, CancellationToken cancellation)
    {
        if (await watch.Compare(cancellation).ConfigureAwait(false) > 0)
            return new(0, 0, 0);
        await _objects.StampOlder(cancellation).ConfigureAwait(false);
        if (now is not { } known)
            return new(0, 0, 0);
        var leftovers = new Leftovers(catalog, blobs, used);
        var jobs = await _jobs.Purge(known - options.Value.FinishedJobs, leftovers, cancellation).ConfigureAwait(false);
        var (objects, versions) = await _objects
            .Purge(known - options.Value.DeletedObjects, leftovers, cancellation)
            .ConfigureAwait(false);
        return new(objects, versions, jobs);
    }
}
