using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Blobs that records name outside of the columns for them.</summary>
internal interface IBlobReferences
{
    /// <param name="everNamed">Also blobs that are needed no more.</param>
    Task<IEnumerable<BlobAddress>> Used(CatalogContext catalog, bool everNamed, CancellationToken cancellation);
}
