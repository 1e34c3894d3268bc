using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog.Postgres;

public sealed class PostgresCatalogContext(DbContextOptions<PostgresCatalogContext> options) : CatalogContext(options)
{
    /// <inheritdoc/>
    public override bool LocksRows => true;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // Names are ordered by their bytes, as on SQLite, whatever the server's language is.
        foreach (
            var text in modelBuilder
                .Model.GetEntityTypes()
                .SelectMany(e => e.GetProperties())
                .Where(p => p.ClrType == typeof(string))
        )
            text.SetCollation("C");
    }
}
