using ComodCluster.Infrastructure.Servers;

namespace ComodCluster.TestInfrastructure;

/// <summary>
/// One server for all tests of an assembly, started when the first asks; each takes a prefix of its own.
/// </summary>
public sealed class S3Fixture : IAsyncDisposable
{
    private readonly Lazy<Task<LocalS3>> _server = new(TestServers.S3);

    /// <inheritdoc cref="TestServers.S3"/>
    public Task<LocalS3> Server => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _server.Value).DisposeAsync();
    }
}
