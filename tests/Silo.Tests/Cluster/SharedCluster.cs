using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>
/// Two workers and a gateway for tests that run one after another: each finds as many alive, whatever the one before it
/// did.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster(PostgresFixture postgres) : ICollectionFixture<SharedCluster>, IAsyncDisposable
{
    public const string Name = "shared cluster";

    private const int Workers = 2;
    private const string Checkpoints = "--Comod:Engine:CheckpointSeconds=0.2";

    private TestCluster? _cluster;
    private int _started = Workers;

    /// <summary>Workers that have ended have successors of other names; none runs a job.</summary>
    internal async Task<TestCluster> Whole()
    {
        _cluster ??= await TestCluster.Start(await postgres.NewDatabase(), Workers, Checkpoints);
        foreach (var (name, worker) in _cluster.Workers)
            if (worker.HasExited)
                _cluster.Workers.Remove(name);
        if (_cluster.Gateway.HasExited)
            _cluster.Gateway = await _cluster.Add("gateway", "gateway", Checkpoints);
        while (_cluster.Workers.Count < Workers)
            await _cluster.AddWorker($"worker-{++_started}", Checkpoints);
        await _cluster.Idle(Workers);
        return _cluster;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
