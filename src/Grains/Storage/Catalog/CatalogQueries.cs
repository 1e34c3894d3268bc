using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

internal static class CatalogQueries
{
    /// <summary>The object of a name: one or none.</summary>
    public static IQueryable<ObjectRow> Alive(
        this CatalogContext catalog,
        ObjectKind kind,
        TenantName tenant,
        string name
    ) =>
        catalog.Objects.Where(o =>
            o.Kind == kind.Name && o.Tenant == tenant.Value && o.Name == name && o.Phase != ObjectPhase.Deleted
        );

    /// <summary>An object that stays as it is until the transaction ends; null where there is none.</summary>
    public static async Task<ObjectRow?> Hold(
        this CatalogContext catalog,
        string uid,
        CancellationToken cancellation
    ) =>
        (
            await (
                catalog.LocksRows
                    ? catalog.Objects.FromSql($"SELECT * FROM objects WHERE uid = {uid} FOR SHARE")
                    : catalog.Objects.Where(o => o.Uid == uid)
            ).ToListAsync(cancellation)
        ).SingleOrDefault();

    /// <summary>An object that nobody else relies on or changes until the transaction ends.</summary>
    /// <exception cref="CatalogConflictException">It was deleted and purged.</exception>
    public static async Task<ObjectRow> Claim(
        this CatalogContext catalog,
        string uid,
        CancellationToken cancellation
    ) =>
        (
            await (
                catalog.LocksRows
                    ? catalog.Objects.FromSql($"SELECT * FROM objects WHERE uid = {uid} FOR UPDATE")
                    : catalog.Objects.Where(o => o.Uid == uid)
            ).ToListAsync(cancellation)
        ).SingleOrDefault() ?? throw new CatalogConflictException();
}
