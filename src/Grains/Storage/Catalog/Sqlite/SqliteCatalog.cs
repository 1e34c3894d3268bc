using ComodCluster.Grains.Storage.Disk;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Storage.Catalog.Sqlite;

/// <summary>The catalog in a file of the data directory, for one process.</summary>
internal sealed class SqliteCatalog : ICatalogProvider
{
    private const int Constraint = 19;

    private readonly string _connection;
    private readonly DbContextOptions<SqliteCatalogContext> _options;

    /// <param name="interceptors">Beside the catalog's own; none in production.</param>
    public SqliteCatalog(DataDirectory directory, params IInterceptor[] interceptors)
    {
        _connection = new SqliteConnectionStringBuilder
        {
            DataSource = directory.Catalog,
            DefaultTimeout = 10,
        }.ToString();
        _options = new DbContextOptionsBuilder<SqliteCatalogContext>()
            .UseSqlite(_connection)
            .AddInterceptors([FormatGuard.Instance, new DurableConnection(), .. interceptors])
            .Options;
    }

    public bool OneWriter => true;

    public CatalogContext NewContext() => new SqliteCatalogContext(_options);

    // The directory's lock keeps other processes away. EF's own lock is a row, which outlives a process that ends while
    // it migrates: nobody could open the catalog again.
    public async Task Alone(Func<Task> work, CancellationToken cancellation)
    {
        await using (var catalog = NewContext())
            await catalog
                .Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation)
                .ConfigureAwait(false);
        await work().ConfigureAwait(false);
    }

    public bool IsDuplicate(Exception failure) => failure is SqliteException { SqliteErrorCode: Constraint };

    public bool IsPassing(Exception failure) => false;

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }
}
