using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Backbones;

/// <summary>
/// Frees deleted backbones that are resident still: their deletion did not reach this worker, or an adaptation of
/// theirs had not ended.
/// </summary>
public sealed partial class BackboneRelease(
    BackboneResidency residency,
    SiloLoops loops,
    TimeProvider time,
    ILogger<BackboneRelease> logger
) : SiloLoop("backbone-release", Every, loops, time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private IReadOnlyList<string> _before = [];

    // Memory that is kept for longer than it is needed keeps nobody from being served.
    public override TimeSpan? Patience => null;

    protected override Task Round(CancellationToken cancellation) => Sweep(cancellation);

    /// <summary>
    /// Frees what the time before found unneeded, too: weights are resident before the row that names them is written.
    /// </summary>
    public async Task Sweep(CancellationToken cancellation)
    {
        var unneeded = await residency.Unneeded(cancellation).ConfigureAwait(false);
        foreach (var digest in unneeded.Intersect(_before))
            if (await residency.Release(digest, cancellation).ConfigureAwait(false))
                LogReleased(logger, digest);
        _before = unneeded;
    }

    [LoggerMessage(
        GrainEvents.BackboneReleased,
        LogLevel.Information,
        "The backbone {Digest} was deleted and left the memory."
    )]
    private static partial void LogReleased(ILogger logger, string digest);
}
