using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
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
    TimeProvider time,
    ILogger<JobScan> logger
) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task _scanning = Task.CompletedTask;

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
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogResumeFailed(logger, job.Id, e);
            }
        }
        return taken;
    }

    public void Dispose() => _stopping.Dispose();

    private Task Start(CancellationToken cancellation)
    {
        _scanning = Task.Run(ScanAgainAndAgain, cancellation);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellation)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _scanning.ConfigureAwait(false);
        await runner.Drain().ConfigureAwait(false);
    }

    private async Task ScanAgainAndAgain()
    {
        await using var changes = membership.MembershipUpdates.GetAsyncEnumerator(_stopping.Token);
        try
        {
            var changed = changes.MoveNextAsync().AsTask();
            while (true)
            {
                try
                {
                    var taken = await Scan(_stopping.Token).ConfigureAwait(false);
                    if (taken > 0)
                        LogTaken(logger, taken);
                }
                catch (ComodException e)
                {
                    LogScanFailed(logger, e.Message);
                }
                await Task.WhenAny(changed, Task.Delay(Every, time, _stopping.Token)).ConfigureAwait(false);
                _stopping.Token.ThrowIfCancellationRequested();
                if (changed.IsCompleted)
                    changed = changes.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    [LoggerMessage(GrainEvents.JobsTakenUp, LogLevel.Information, "Took up {Count} unfinished jobs.")]
    private static partial void LogTaken(ILogger logger, int count);

    [LoggerMessage(GrainEvents.JobScanFailed, LogLevel.Warning, "Unfinished jobs were not looked for: {Reason}")]
    private static partial void LogScanFailed(ILogger logger, string reason);

    [LoggerMessage(
        GrainEvents.JobNotTakenUp,
        LogLevel.Warning,
        "The unfinished job {Job} was not taken up; it is tried again in ten seconds."
    )]
    private static partial void LogResumeFailed(ILogger logger, string job, Exception failure);
}
