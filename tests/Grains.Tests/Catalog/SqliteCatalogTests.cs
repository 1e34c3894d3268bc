using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Catalog;

public sealed class SqliteCatalogTests : CatalogCompliance
{
    private protected override Task<TestCatalog> NewCatalog() => Task.FromResult(new TestCatalog());

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    public async Task Connection_Setting_WritesThrough(string pragma, string expected) => Assert.Equal(expected, await Catalog.Database.Read(async (rows, stop) =>
    {
        await rows.Database.OpenConnectionAsync(stop);
        await using var command = rows.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA " + pragma;
        return (await command.ExecuteScalarAsync(stop))!.ToString()!;
    }, Stop));
}
