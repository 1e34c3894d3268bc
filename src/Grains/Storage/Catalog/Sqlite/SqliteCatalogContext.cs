using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog.Sqlite;

public sealed class SqliteCatalogContext(DbContextOptions<SqliteCatalogContext> options) : CatalogContext(options);
