using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Catalog.Sqlite;

public sealed class SqliteCatalogContext(DbContextOptions<SqliteCatalogContext> options) : CatalogContext(options);
