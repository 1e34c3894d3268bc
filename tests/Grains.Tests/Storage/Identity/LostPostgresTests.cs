using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog.Postgres;
using ComodCluster.TestInfrastructure;
using Npgsql;

namespace ComodCluster.Grains.Tests.Storage.Identity;

public sealed class LostPostgresTests(PostgresFixture postgres) : LostCatalogCompliance
{
    private string _database = "";

    public override async ValueTask InitializeAsync() => _database = await postgres.NewDatabase();

    private protected override MarkedSilo Silo(long? accepted = null, bool isMarked = true) =>
        new(
            Path.Combine(Folder.Path, "data"),
            Path.Combine(Folder.Path, "blobs"),
            _ => new PostgresCatalog(_database),
            (directory, files) => new DirectoryDepot(directory, files),
            accepted,
            isMarked
        );

    private protected override Task<string> Save() => postgres.NewDatabase(like: _database);

    private protected override async Task Restore(string? saved) => _database = await postgres.NewDatabase(like: saved);

    [Fact]
    public async Task Write_ManyAtOnce_AreAllCounted()
    {
        using var silo = Silo();
        await silo.Catalog.Open(Stop);
        var before = (await silo.Catalog.Writes(Stop)).Has;

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => silo.Write($"task-{i}")));

        Assert.Equal((before + 40, before + 40), await silo.Catalog.Writes(Stop));
    }

    [Fact]
    public async Task Open_SiloOfABuildThatDoesNotCount_IsNoLoss()
    {
        await Run(silo => silo.Write("a"));
        await using (var source = NpgsqlDataSource.Create(_database))
        await using (
            var write = source.CreateCommand(
                "INSERT INTO objects SELECT 'b', kind, tenant, 'b', phase, blob, etag, schema, created, payload "
                    + "FROM objects WHERE uid = 'a'"
            )
        )
            await write.ExecuteNonQueryAsync(Stop);

        await Run(async silo => Assert.Equal(0, await silo.Watch.Compare(Stop)));
    }
}
