using ComodCluster.Grains.Catalog.Rows;

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
}
