using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Sweeps at the start and once an hour.</summary>
internal sealed partial class BlobSweep(BlobCollector collector, TimeProvider time, ILogger<BlobSweep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                var deleted = await collector.Sweep(stoppingToken).ConfigureAwait(false);
                if (deleted > 0)
                    LogSwept(logger, deleted);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(logger, e);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(GrainEvents.BlobsSwept, LogLevel.Information, "Deleted {Count} blobs that nothing refers to.")]
    private static partial void LogSwept(ILogger logger, int count);

    [LoggerMessage(
        GrainEvents.BlobSweepFailed,
        LogLevel.Warning,
        "The sweep of unused blobs failed; it is tried again in an hour."
    )]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
