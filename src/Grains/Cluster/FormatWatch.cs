using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Cluster;

/// <summary>
/// Lets this silo's writers follow the cluster's format, and ends a silo that joined while the format was raised beyond
/// what it can read.
/// </summary>
internal sealed partial class FormatWatch(
    CatalogDatabase catalog,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<FormatWatch> logger
) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await catalog.ReadFormat(stoppingToken).ConfigureAwait(false);
            }
            catch (InputException refusal)
            {
                LogStops(logger, refusal.Message);
                lifetime.StopApplication();
                return;
            }
            catch (ComodException away)
            {
                LogNotRead(logger, away.Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    [LoggerMessage(GrainEvents.FormatUnreadable, LogLevel.Critical, "This silo ends: {Reason}")]
    private static partial void LogStops(ILogger logger, string reason);

    [LoggerMessage(GrainEvents.FormatNotRead, LogLevel.Warning, "The cluster's format was not read: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string reason);
}
