using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.TestInfrastructure;
using Npgsql;

namespace ComodCluster.Grains.Tests.Storage.Blobs;

public class BlobHoldTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryTake_InOneProcess_OneHoldsUntilItEnds()
    {
        var hold = new ProcessBlobHold();
        await OneHolds(hold, hold);
    }

    [Fact]
    public async Task TryTake_FromTwoSilos_OneHoldsUntilItEndsOrItsSiloDoes()
    {
        var database = await postgres.NewDatabase();
        await using NpgsqlDataSource first = NpgsqlDataSource.Create(database),
            second = NpgsqlDataSource.Create(database);
        var (one, other) = (new PostgresBlobHold(first), new PostgresBlobHold(second));

        await OneHolds(one, other);

        await using var held = await one.TryTake(Stop);
        await using (
            var end = second.CreateCommand(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                    + "(SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
            await end.ExecuteNonQueryAsync(Stop);
        Assert.False(await other.IsTaken(Stop));
    }

    private static async Task OneHolds(IBlobHold one, IBlobHold other)
    {
        Assert.False(await other.IsTaken(Stop));
        var held = await one.TryTake(Stop);
        Assert.NotNull(held);
        Assert.True(await other.IsTaken(Stop));
        Assert.Null(await other.TryTake(Stop));
        await held.DisposeAsync();
        Assert.False(await other.IsTaken(Stop));
        await (await other.TryTake(Stop))!.DisposeAsync();
    }
}
