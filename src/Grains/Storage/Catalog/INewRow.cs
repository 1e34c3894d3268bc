using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>A row of another table that begins with the write of a record.</summary>
internal interface INewRow
{
    /// <summary>Whether another row has its key.</summary>
    Task<bool> IsTaken(CatalogContext catalog, CancellationToken cancellation);

    void Add(CatalogContext catalog);

    ComodException Taken();
}
