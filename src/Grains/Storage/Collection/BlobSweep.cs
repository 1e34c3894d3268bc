using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>Sweeps at the start and once an hour.</summary>
internal sealed partial class BlobSweep(
    BlobCollector collector,
    SiloLoops loops,
    TimeProvider time,
    ILogger<BlobSweep> logger
) : SiloLoop("blob-sweep", Every, loops, time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // What is kept for longer than it is needed keeps nobody from being served.
    public override TimeSpan? Patience => null;

    protected override async Task Round(CancellationToken cancellation)
    {
        var deleted = await collector.Sweep(cancellation).ConfigureAwait(false);
        if (deleted > 0)
            LogSwept(logger, deleted);
    }

    [LoggerMessage(GrainEvents.BlobsSwept, LogLevel.Information, "Deleted {Count} blobs that nothing refers to.")]
    private static partial void LogSwept(ILogger logger, int count);
}
