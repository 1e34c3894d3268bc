using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Collection;

namespace ComodCluster.Grains.Retention;

/// <summary>
/// Blobs that are there although nothing living names them. The rows that did are kept as long: by them the collection
/// knows where such blobs come from. For one round.
/// </summary>
internal sealed class Leftovers(CatalogDatabase catalog, BlobStore blobs, UsedBlobs used)
{
    private HashSet<BlobAddress>? _found;

    public async Task<bool> Have(IReadOnlyCollection<BlobAddress> some, CancellationToken cancellation) =>
        some.Count > 0 && (_found ??= await Find(cancellation).ConfigureAwait(false)).Overlaps(some);

    private async Task<HashSet<BlobAddress>> Find(CancellationToken cancellation)
    {
        var there = await blobs
            .All(cancellation)
            .Select(stored => stored.Blob)
            .ToHashSetAsync(cancellationToken: cancellation)
            .ConfigureAwait(false);
        there.ExceptWith(await catalog.Read(used.All, cancellation).ConfigureAwait(false));
        return there;
    }
}
