using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Telemetry;
using ComodCluster.Grains.Workers;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;

namespace ComodCluster.Grains.WorkerHost;

/// <summary>A worker with room takes jobs over that wait elsewhere: half of what the longest queue holds.</summary>
internal sealed partial class WorkerBalance(
    WorkerDirectory workers,
    WorkerClient client,
    JobRunner runner,
    ILocalSiloDetails silo,
    IGrainFactory grains,
    SiloLoops loops,
    TimeProvider time,
    ILogger<WorkerBalance> logger
) : SiloLoop("worker-balance", WorkerDirectory.Every, loops, time, logger)
{
    // A round waits for the giver, and for the grain of each job that it takes.
    public override TimeSpan? Patience => TimeSpan.FromMinutes(5);

    protected override async Task Round(CancellationToken cancellation)
    {
        // Room is for adaptations; a job of any kind that waits here comes before those of others.
        if (runner.Load is not { HasRoom: true, Waiting: 0 })
            return;
        var own = silo.SiloAddress.ToParsableString();
        var longest = workers.Reports.Where(w => w.Silo != own && w.WaitingJobs > 0).MaxBy(w => w.WaitingJobs);
        if (longest is null)
            return;
        // Reports are up to a second old and other workers ask, too: the giver gives no more than waits when it is
        // asked, and by halves the two end about level instead of changing places.
        var given = await client
            .On(SiloAddress.FromParsableString(longest.Silo))
            .GiveWaiting((longest.WaitingJobs + 1) / 2);
        // The giver let the jobs' grains go, so that each call makes a new activation, on this silo by the hint. The
        // hint ends with this method. Should the silo die before the last call, the scan takes up what nobody runs.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
        foreach (var key in given)
            await grains.Job(JobKey.Parse(key)).Resume(cancellation);
        if (given.Count > 0)
            LogTaken(logger, given.Count, longest.Name);
    }

    [LoggerMessage(GrainEvents.JobsTakenOver, LogLevel.Information, "Took {Jobs} waiting jobs over from {Worker}.")]
    private static partial void LogTaken(ILogger logger, int jobs, string worker);
}
