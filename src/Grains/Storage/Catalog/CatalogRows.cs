using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Copies every row of one catalog into another, whatever their databases are.</summary>
internal static class CatalogRows
{
    private const int AtOnce = 500;

    /// <summary>In the transactions of the caller; the target has no rows.</summary>
    /// <returns>How many rows there are.</returns>
    public static async Task<long> Copy(CatalogContext from, CatalogContext to, CancellationToken cancellation) =>
        await Copy(from.Objects, to, cancellation).ConfigureAwait(false)
        + await Copy(from.Versions, to, cancellation).ConfigureAwait(false)
        + await Copy(from.Jobs, to, cancellation).ConfigureAwait(false)
        + await Copy(from.Links, to, cancellation).ConfigureAwait(false);

    private static async Task<long> Copy<T>(DbSet<T> rows, CatalogContext to, CancellationToken cancellation)
        where T : class
    {
        var copied = 0L;
        await foreach (var row in rows.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation))
        {
            to.Add(row);
            if (++copied % AtOnce == 0)
                await Save().ConfigureAwait(false);
        }
        await Save().ConfigureAwait(false);
        return copied;

        async Task Save()
        {
            await to.SaveChangesAsync(cancellation).ConfigureAwait(false);
            to.ChangeTracker.Clear();
        }
    }
}
