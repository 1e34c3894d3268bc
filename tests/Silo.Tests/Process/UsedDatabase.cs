using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

/// <summary>
/// A database and a folder of blobs that a silo has used, for tests whose silos do not come to change them.
/// </summary>
public sealed class UsedDatabase(PostgresFixture postgres) : IAsyncLifetime
{
    private string _used = "";

    /// <summary>With the silo's data directory in it.</summary>
    internal TempFolder Folder { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _used = await postgres.NewDatabase();
        await using var silo = await SiloProcess.Ready(Folder.Path, DatabaseStartTests.Settings(Folder, _used));
        Assert.Equal(0, await silo.Terminate());
    }

    /// <summary>Connection string of a copy.</summary>
    public Task<string> Copy() => postgres.NewDatabase(like: _used);

    public ValueTask DisposeAsync()
    {
        Folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
