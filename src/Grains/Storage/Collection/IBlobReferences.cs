using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Blobs that records name outside of the columns for them.</summary>
internal interface IBlobReferences
{
    Task<IEnumerable<BlobAddress>> Used(CatalogContext catalog, CancellationToken cancellation);
}
