using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

public sealed class SqliteCatalogTests : CatalogCompliance
{
    private protected override Task<TestCatalog> NewCatalog() => Task.FromResult(new TestCatalog());

    [Fact]
    public async Task Open_AfterAProcessThatEndedWhileItMigrated_Opens()
    {
        // EF's lock is a row: nobody is left to remove it.
        await using (var connection = new SqliteConnection($"Data Source={Catalog.Directory.Catalog};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText =
                "CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); "
                + "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')";
            await command.ExecuteNonQueryAsync(Stop);
        }

        await Catalog.Database.Open(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Assert.Equal(0, await Catalog.Database.Read((rows, stop) => rows.Objects.CountAsync(stop), Stop));
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    public async Task Connection_Setting_WritesThrough(string pragma, string expected) =>
        Assert.Equal(
            expected,
            await Catalog.Database.Read(
                async (rows, stop) =>
                {
                    await rows.Database.OpenConnectionAsync(stop);
                    await using var command = rows.Database.GetDbConnection().CreateCommand();
                    command.CommandText = "PRAGMA " + pragma;
                    return (await command.ExecuteScalarAsync(stop))!.ToString()!;
                },
                Stop
            )
        );
}
