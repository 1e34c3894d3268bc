using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.TestInfrastructure;
using Npgsql;

namespace ComodCluster.Grains.Tests.Storage.Blobs;

public class BlobLockTests(PostgresFixture postgres)
{
    private static readonly BlobAddress One = new(TenantName.Default, new string('a', 64)),
        Other = new(TenantName.Default, new string('b', 64));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_InOneProcess_OneAfterAnother()
    {
        var locks = new ProcessBlobLocks();
        await OneAfterAnother(locks, locks);
    }

    [Fact]
    public async Task Take_FromTwoSilos_OneAfterAnotherAndOtherBlobsAtOnce()
    {
        var database = await postgres.NewDatabase();
        await using NpgsqlDataSource first = NpgsqlDataSource.Create(database),
            second = NpgsqlDataSource.Create(database);
        var (one, other) = (new PostgresBlobLocks(first), new PostgresBlobLocks(second));

        await OneAfterAnother(one, other);

        await using var held = await one.Take(One, Stop);
        await (await other.Take(Other, Stop)).DisposeAsync();
    }

    private static async Task OneAfterAnother(IBlobLocks one, IBlobLocks other)
    {
        var held = await one.Take(One, Stop);
        var waiting = other.Take(One, Stop).AsTask();
        // Locks of another blob, asked for later, are had one after another meanwhile.
        for (var i = 0; i < 20; i++)
            await (await other.Take(Other, Stop)).DisposeAsync();
        Assert.False(waiting.IsCompleted);
        await held.DisposeAsync();
        await (await waiting).DisposeAsync();
    }
}
