using ComodCluster.TestInfrastructure;
using Npgsql;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

public sealed class FaultyPostgresCatalogTests(PostgresFixture postgres) : FaultyCatalogCompliance
{
    private string _connection = "";

    private protected override async Task<TestCatalog> NewCatalog() =>
        new(_connection = await postgres.NewDatabase(), CatalogFaults.OfPostgres(Seed));

    private protected override async Task<long> OpenTransactions()
    {
        await using var source = NpgsqlDataSource.Create(_connection);
        await using var count = source.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in "
                + "transaction%'"
        );
        return (long)(await count.ExecuteScalarAsync(Stop))!;
    }
}
