using ComodCluster.Engine;
using ComodCluster.Grains.Loops;
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
    SiloLoops loops,
    TimeProvider time,
    ILogger<FormatWatch> logger
) : SiloLoop("format-watch", Every, loops, time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    protected override async Task Round(CancellationToken cancellation)
    {
        try
        {
            await catalog.ReadFormat(cancellation).ConfigureAwait(false);
        }
        catch (InputException refusal)
        {
            LogStops(logger, refusal.Message);
            lifetime.StopApplication();
            End();
        }
    }

    [LoggerMessage(GrainEvents.FormatUnreadable, LogLevel.Critical, "This silo ends: {Reason}")]
    private static partial void LogStops(ILogger logger, string reason);
}
