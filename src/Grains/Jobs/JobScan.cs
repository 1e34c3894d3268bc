using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// Takes up unfinished jobs that nobody runs: when the silo has started, when the membership of the cluster changes,
/// and every ten seconds.
/// </summary>
internal sealed partial class JobScan(
    CatalogDatabase catalog,
    IGrainFactory grains,
    JobRunner runner,
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    JobInstruments instruments,
    SiloLoops loops,
    TimeProvider time,
    ILogger<JobScan> logger
) : SiloLoop("job-scan", Every, loops, time, logger), ILifecycleParticipant<ISiloLifecycle>
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private MembershipVersion _seen = MembershipVersion.MinValue;

    // A round asks the grain of each job that nobody runs.
    public override TimeSpan? Patience => TimeSpan.FromMinutes(5);

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(JobScan), ServiceLifecycleStage.Active, Start, Stop);

    /// <returns>How many jobs were taken up.</returns>
    public async Task<int> Scan(CancellationToken cancellation)
    {
        var unfinished = await catalog
            .Read(
                (rows, stop) =>
                    rows.Unfinished()
                        .Where(j => j.Phase != "paused")
                        .Select(j => new
                        {
                            j.Tenant,
                            j.Id,
                            j.Silo,
                        })
                        .ToListAsync(stop),
                cancellation
            )
            .ConfigureAwait(false);
        var own = silo.SiloAddress.ToParsableString();
        var others = membership
            .CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active)
            .Select(m => m.SiloAddress.ToParsableString())
            .Where(s => s != own)
            .ToHashSet(StringComparer.Ordinal);
        var taken = 0;
        // What another silo runs is its own scan's business as long as it lives.
        foreach (
            var job in unfinished
                .Where(j => (j.Silo is null || !others.Contains(j.Silo)))
                .Select(j => new JobKey(new(j.Tenant), j.Id))
                .Where(j => !runner.IsRunning(j))
        )
        {
            try
            {
                if (!await grains.Job(job).Resume(cancellation).ConfigureAwait(false))
                    continue;
                instruments.JobResumed();
                taken++;
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogResumeFailed(logger, job.Id, e);
            }
        }
        return taken;
    }

    protected override async Task Round(CancellationToken cancellation)
    {
        var taken = await Scan(cancellation).ConfigureAwait(false);
        if (taken > 0)
            LogTaken(logger, taken);
    }

    /// <summary>When the membership is another one than at the last time.</summary>
    protected override async Task Woken(CancellationToken cancellation)
    {
        // Begins with the present one.
        await foreach (var now in membership.MembershipUpdates.WithCancellation(cancellation).ConfigureAwait(false))
        {
            if (now.Version <= _seen)
                continue;
            _seen = now.Version;
            return;
        }
    }

    // Not the host's token: it may end long after the start.
    private Task Start(CancellationToken cancellation) => StartAsync(CancellationToken.None);

    private async Task Stop(CancellationToken cancellation)
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await runner.Drain().ConfigureAwait(false);
    }

    [LoggerMessage(GrainEvents.JobsTakenUp, LogLevel.Information, "Took up {Count} unfinished jobs.")]
    private static partial void LogTaken(ILogger logger, int count);

    [LoggerMessage(
        GrainEvents.JobNotTakenUp,
        LogLevel.Warning,
        "The unfinished job {Job} was not taken up; it is tried again in ten seconds."
    )]
    private static partial void LogResumeFailed(ILogger logger, string job, Exception failure);
}
