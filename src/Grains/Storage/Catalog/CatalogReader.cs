using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>
/// Reads the catalog past the grains: names and lists. What it returns was stored; a grain may already be further.
/// </summary>
public sealed class CatalogReader(CatalogDatabase database)
{
    /// <summary>Largest page; a greater limit is taken as this.</summary>
    public const int MaxPage = 1000;

    /// <summary>Returns where the catalog answers.</summary>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public Task Probe(CancellationToken cancellation) =>
        database.Read((catalog, stop) => catalog.Objects.Select(o => o.Uid).FirstOrDefaultAsync(stop), cancellation);

    /// <inheritdoc cref="CatalogDatabase.Read{T}"/>
    internal Task<T> Read<T>(Func<CatalogContext, CancellationToken, Task<T>> query, CancellationToken cancellation) =>
        database.Read(query, cancellation);

    /// <summary>Null where no object of this name lives; failed ones count as alive, deleted ones do not.</summary>
    public Task<string?> FindUid(ObjectKind kind, TenantName tenant, string name, CancellationToken cancellation) =>
        database.Read(
            (catalog, stop) => catalog.Alive(kind, tenant, name).Select(o => o.Uid).SingleOrDefaultAsync(stop),
            cancellation
        );

    /// <summary>Objects by name. Deleted ones are left out.</summary>
    /// <param name="phase">Only objects in this phase; null: all.</param>
    /// <param name="after">Name after which the page begins; null: the first page.</param>
    /// <param name="limit">1 to <see cref="MaxPage"/>.</param>
    internal Task<Page<TInfo>> ListObjects<T, TInfo>(
        ObjectLayout<T> layout,
        TenantName tenant,
        string? phase,
        string? after,
        int limit,
        Func<T, TInfo> info,
        CancellationToken cancellation
    )
        where T : class =>
        List(
            catalog =>
                catalog
                    .Objects.Where(o =>
                        o.Kind == layout.Kind.Name
                        && o.Tenant == tenant.Value
                        && o.Phase != ObjectPhase.Deleted
                        && (phase == null || o.Phase == phase)
                        && (after == null || string.Compare(o.Name, after) > 0)
                    )
                    .OrderBy(o => o.Name),
            limit,
            o => o.Name,
            o => info(CatalogJson.Read<T>(o.Payload, o.Schema)),
            cancellation
        );

    /// <summary>A page of ordered rows.</summary>
    /// <param name="name">The place of a row in their order.</param>
    internal Task<Page<TInfo>> List<TRow, TInfo>(
        Func<CatalogContext, IQueryable<TRow>> rows,
        int limit,
        Func<TRow, string> name,
        Func<TRow, TInfo> info,
        CancellationToken cancellation
    )
        where TRow : class, IStoredRow =>
        database.Read(
            async (catalog, stop) =>
            {
                var size = Math.Clamp(limit, 1, MaxPage);
                // One row more than the page tells whether there is a next page.
                var found = await rows(catalog).Take(size + 1).ToListAsync(stop).ConfigureAwait(false);
                return new Page<TInfo>(
                    [.. found.Take(size).Select(info)],
                    found.Count > size ? name(found[size - 1]) : null
                );
            },
            cancellation
        );
}
