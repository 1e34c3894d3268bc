using ComodCluster.Infrastructure.Servers;

namespace ComodCluster.TestInfrastructure;

/// <summary>
/// One server for all tests of an assembly, started when the first asks; each takes a database of its own.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<LocalPostgres>> _server = new(TestServers.Postgres);

    /// <inheritdoc cref="LocalPostgres.NewDatabase"/>
    public async Task<string> NewDatabase(string? like = null) => await (await _server.Value).NewDatabase(like);

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _server.Value).DisposeAsync();
    }
}
