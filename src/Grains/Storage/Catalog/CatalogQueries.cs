using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

internal static class ObjectPhase
{
    /// <summary>Phase of the tombstones of every kind.</summary>
    public const string Deleted = "deleted";
}

internal static class CatalogQueries
{
    /// <summary>The object of a name: one or none.</summary>
    public static IQueryable<ObjectRow> Alive(this CatalogContext catalog, ObjectKind kind, string tenant, string name)
    {
        var stored = kind.Stored();
        return catalog.Objects.Where(o => o.Kind == stored && o.Tenant == tenant && o.Name == name && o.Phase != ObjectPhase.Deleted);
    }

    /// <summary>An object that stays as it is until the transaction ends; null where there is none.</summary>
    public static async Task<ObjectRow?> Hold(this CatalogContext catalog, string uid, CancellationToken cancellation) =>
        (await (catalog.LocksRows ? catalog.Objects.FromSql($"SELECT * FROM objects WHERE uid = {uid} FOR SHARE") : catalog.Objects.Where(o => o.Uid == uid))
            .ToListAsync(cancellation)).SingleOrDefault();

    /// <summary>An object that nobody else relies on or changes until the transaction ends.</summary>
    public static async Task<ObjectRow> Claim(this CatalogContext catalog, string uid, CancellationToken cancellation) =>
        (await (catalog.LocksRows ? catalog.Objects.FromSql($"SELECT * FROM objects WHERE uid = {uid} FOR UPDATE") : catalog.Objects.Where(o => o.Uid == uid))
            .ToListAsync(cancellation)).Single();

    /// <inheritdoc cref="Hold"/>
    public static async Task<JobRow?> HoldJob(this CatalogContext catalog, string tenant, string id, CancellationToken cancellation) =>
        (await (catalog.LocksRows
            ? catalog.Jobs.FromSql($"SELECT * FROM jobs WHERE tenant = {tenant} AND id = {id} FOR SHARE")
            : catalog.Jobs.Where(j => j.Tenant == tenant && j.Id == id)).ToListAsync(cancellation)).SingleOrDefault();

    public static IQueryable<JobRow> Unfinished(this CatalogContext catalog) =>
        catalog.Jobs.Where(j => j.Phase == "queued" || j.Phase == "running" || j.Phase == "paused" || j.Phase == "cancelling");

    /// <summary>What a job was asked to do; null where there is no such job.</summary>
    public static async Task<JobSpec?> FindJobSpec(this CatalogDatabase database, string tenant, string id, CancellationToken cancellation)
    {
        var row = await database.Read((catalog, stop) => catalog.Jobs.SingleOrDefaultAsync(j => j.Tenant == tenant && j.Id == id, stop), cancellation)
            .ConfigureAwait(false);
        return row is null ? null : CatalogJson.Read<JobSpec>(row.Spec, row.Schema);
    }
}
