using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Retention;

/// <summary>Purges once an hour what the catalog has kept for long enough.</summary>
internal sealed partial class RetentionLoop(
    CatalogPurge purge,
    SiloLoops loops,
    TimeProvider time,
    ILogger<RetentionLoop> logger
) : SiloLoop("retention", Every, loops, time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly RetentionClock _clock = new(time);

    // What is kept for longer than it is needed keeps nobody from being served.
    public override TimeSpan? Patience => null;

    protected override async Task Round(CancellationToken cancellation)
    {
        var purged = await purge.Purge(_clock.Next(), cancellation).ConfigureAwait(false);
        if (purged.Any)
            LogPurged(logger, purged.Objects, purged.Versions, purged.Jobs);
    }

    [LoggerMessage(
        GrainEvents.RowsPurged,
        LogLevel.Information,
        "Purged {Objects} deleted objects, {Versions} versions of them and {Jobs} finished jobs, whose retention is over."
    )]
    private static partial void LogPurged(ILogger logger, int objects, int versions, int jobs);
}
