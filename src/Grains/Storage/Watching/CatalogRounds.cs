using ComodCluster.Contracts;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Storage.Watching;

/// <summary>Compares the catalog with its mark every few seconds, and folds its log in every minute and at the
/// end.</summary>
internal sealed class CatalogRounds(
    CatalogWatch watch,
    CatalogDatabase catalog,
    SiloLoops loops,
    TimeProvider time,
    ILogger<CatalogRounds> logger
) : SiloLoop("catalog", Every, loops, time, logger)
{
    private const int RoundsPerFold = 12;

    // What is written between two rounds may be lost without being missed.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private int _rounds;

    // A mark that lags keeps nobody from being served.
    public override TimeSpan? Patience => null;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await watch.Compare(cancellationToken).ConfigureAwait(false);
            await catalog.FoldLog(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ComodException or IOException or OperationCanceledException)
        {
            // The mark lags, and the next start folds the log in.
        }
    }

    protected override async Task Round(CancellationToken cancellation)
    {
        // In this order the mark has seen what a lost log would take away.
        await watch.Compare(cancellation).ConfigureAwait(false);
        if (++_rounds % RoundsPerFold == 0)
            await catalog.FoldLog(cancellation).ConfigureAwait(false);
    }
}
