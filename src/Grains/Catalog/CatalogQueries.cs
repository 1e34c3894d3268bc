using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Catalog;

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
