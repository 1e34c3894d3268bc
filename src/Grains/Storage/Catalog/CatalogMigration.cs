using ComodCluster.Engine;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Brings a catalog to this program's schema, and leaves one of a later program alone.</summary>
internal static class CatalogMigration
{
    // The first builds for clusters applied these two; the migrations that took their places also make the indexes.
    private static readonly (string Applied, string Replacement)[] Replaced =
    [
        ("20261124140014_JobSilo", "20261124144547_Cluster"), // SQLite
        ("20261124140018_Initial", "20261124144903_Initial"), // PostgreSQL
    ];

    private const string IndexesOfReplacements = """
        CREATE INDEX ix_versions_digest ON versions (digest);
        CREATE INDEX ix_objects_blob ON objects (blob);
        CREATE INDEX ix_jobs_checkpoint ON jobs (checkpoint);
        """;

    public static async Task Apply(CatalogContext catalog, CancellationToken cancellation)
    {
        var known = catalog.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await catalog.Database.GetAppliedMigrationsAsync(cancellation).ConfigureAwait(false)).ToList();
        foreach (
            var (earlier, replacement) in Replaced.Where(r =>
                applied.Contains(r.Applied) && known.Contains(r.Replacement)
            )
        )
        {
            await Replace(catalog, earlier, replacement, cancellation).ConfigureAwait(false);
            applied.Remove(earlier);
        }
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } newer)
            throw new InputException(
                "catalog-newer",
                $"The catalog was written by a later version of this program (schema '{newer}'); start that "
                    + $"version, or use another {(catalog.LocksRows ? "database" : "data directory")}."
            );
        // Nothing to do needs no right to create tables.
        if (known.Except(applied).Any() || applied.Count == 0)
            await catalog.Database.MigrateAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task Replace(
        CatalogContext catalog,
        string applied,
        string replacement,
        CancellationToken cancellation
    )
    {
        await using var transaction = await catalog.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await catalog.Database.ExecuteSqlRawAsync(IndexesOfReplacements, cancellation).ConfigureAwait(false);
        await catalog
            .Database.ExecuteSqlAsync(
                $"""UPDATE "__EFMigrationsHistory" SET "MigrationId" = {replacement} WHERE "MigrationId" = {applied}""",
                cancellation
            )
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
