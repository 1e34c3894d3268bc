using ComodCluster.Engine;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Catalog;

/// <summary>Brings a catalog to this program's schema, and leaves one of a later program alone.</summary>
internal static class CatalogMigration
{
    public static async Task Apply(CatalogContext catalog, CancellationToken cancellation)
    {
        var known = catalog.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await catalog.Database.GetAppliedMigrationsAsync(cancellation).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } newer)
            throw new InputException("catalog-newer",
                $"The catalog was written by a later version of this program (schema '{newer}'); start that version, or use another {(catalog.LocksRows ? "database" : "data directory")}.");
        // Nothing to do needs no right to create tables.
        if (!known.IsSubsetOf(applied)) await catalog.Database.MigrateAsync(cancellation).ConfigureAwait(false);
    }
}
