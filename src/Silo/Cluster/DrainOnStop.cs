using ComodCluster.Grains.Workers;

namespace ComodCluster.Silo.Cluster;

/// <summary>Stops last of all what was begun: when the process is asked to end, its jobs go to other workers first, while predictions are still answered.</summary>
public sealed class DrainOnStop(WorkerDrain drain) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => drain.Begin().WaitAsync(cancellationToken);
}
