using Microsoft.Data.Sqlite;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

public sealed class FaultySqliteCatalogTests : FaultyCatalogCompliance
{
    private protected override Task<TestCatalog> NewCatalog() =>
        Task.FromResult(new TestCatalog(CatalogFaults.OfSqlite(Seed)));

    private protected override async Task<long> OpenTransactions()
    {
        await using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Catalog.Directory.Catalog,
                DefaultTimeout = 1,
                Pooling = false,
            }.ToString()
        );
        await connection.OpenAsync(Stop);
        await using var checkpoint = connection.CreateCommand();
        // Waits for readers and writers; its first column says whether one was in the way.
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return (long)(await checkpoint.ExecuteScalarAsync(Stop))!;
    }
}
