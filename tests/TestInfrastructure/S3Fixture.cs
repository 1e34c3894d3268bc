namespace ComodCluster.TestInfrastructure;

/// <summary>One server for all tests of an assembly, started when the first asks; each takes a prefix of its own.</summary>
public sealed class S3Fixture : IAsyncDisposable
{
    private readonly Lazy<Task<S3Server>> _server = new(S3Server.StartNew);

    /// <inheritdoc cref="S3Server.StartNew"/>
    public Task<S3Server> Server => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await _server.Value).DisposeAsync();
    }
}
