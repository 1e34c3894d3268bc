using ComodCluster.Grains.WorkerHost;

namespace ComodCluster.Silo.Cluster;

/// <summary>
/// When the process is asked to end, its jobs go to other workers first: before the HTTP server or a grain stops, so
/// that requests are answered meanwhile.
/// </summary>
public sealed class DrainOnStop(WorkerDrain drain, IHostApplicationLifetime lifetime) : IHostedService
{
    // Half of the thirty seconds that a host gives itself to stop.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The host stops its services once the handlers have returned.
        lifetime.ApplicationStopping.Register(() => drain.Begin(stopping: true).Wait(Patience, CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
