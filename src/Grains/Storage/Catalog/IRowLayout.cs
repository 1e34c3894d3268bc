using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Which row holds a record, and how the record is laid out in it.</summary>
internal interface IRowLayout<TRow, T>
    where TRow : class, IStoredRow
    where T : class
{
    /// <summary>One row or none.</summary>
    IQueryable<TRow> Find(CatalogContext catalog);

    /// <summary>The row, for a change that its etag allows.</summary>
    Task<TRow> Claim(CatalogContext catalog, CancellationToken cancellation);

    /// <exception cref="ComodException">record-unreadable.</exception>
    T Read(TRow row);

    /// <summary>Changes everything but the etag.</summary>
    Task Write(CatalogContext catalog, TRow row, T next, CancellationToken cancellation);

    /// <summary>Asked before a row is added, and again where another one was faster.</summary>
    /// <exception cref="ComodException">Another row has its name or its key.</exception>
    Task CheckFree(CatalogContext catalog, TRow row, CancellationToken cancellation);
}
