using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>A row of another table that begins with the write of a record.</summary>
internal interface INewRow
{
    /// <summary>Whether another row has its key, and counts.</summary>
    Task<bool> IsTaken(CatalogContext catalog, CancellationToken cancellation);

    /// <summary>After <see cref="IsTaken"/> said no; takes away what has the key and does not count.</summary>
    Task Add(CatalogContext catalog, CancellationToken cancellation);

    ComodException Taken();
}
