using System.Collections.Concurrent;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Engine.Execution;
using ComodCluster.Grains.Refusals;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// Runs jobs on the pool, off the grains' scheduler. Lives as long as the process; what is unfinished at its end goes
/// on elsewhere, or after the next start.
/// </summary>
internal sealed partial class JobRunner(
    IGrainFactory grains,
    IEnumerable<IJobWork> works,
    FairShare share,
    BlobStore blobs,
    BlobCollector collector,
    JobInstruments instruments,
    TimeProvider time,
    ILogger<JobRunner> logger
)
{
    /// <summary>How a job ends that a user ended.</summary>
    public static readonly JobError Cancelled = new(ErrorCodes.Cancelled, "The job was cancelled.");

    // Weight of the latest job in the mean of what a job takes.
    private const double LatestShare = 0.2;

    private readonly Dictionary<JobKind, (IJobWork Work, JobSlots Slots)> _works = works.ToDictionary(
        w => w.Kind,
        w => (w, new JobSlots(w.AtOnce, share, time))
    );
    private readonly JobCompany _company = new();
    private readonly ConcurrentDictionary<JobKey, Running> _running = new();
    private volatile bool _draining;
    private double _secondsPerJob;
    private int _ended;

    /// <summary>No run begins here any more.</summary>
    public bool Draining => _draining;

    public JobLoad Load
    {
        get
        {
            var all = _running.Values.ToArray();
            var waiting = all.Count(r => !r.Begun);
            var mean = Volatile.Read(ref _secondsPerJob);
            // Jobs that run share batches: the last of them ends when all are done.
            var running = all.Where(r => r.Begun).Select(r => r.Run?.SecondsLeft ?? mean).DefaultIfEmpty().Max();
            return new JobLoad(
                all.Length - waiting,
                waiting,
                running + waiting * mean,
                mean > 0 ? mean : null,
                Volatile.Read(ref _ended),
                !_draining && _company.IsOpen && _works[JobKind.Adapt].Slots.HasFree
            );
        }
    }

    public bool IsRunning(JobKey job) => _running.ContainsKey(job);

    /// <summary>Completes once the run of the job that lives here, if there is one, has ended.</summary>
    public Task Ended(JobKey job) => _running.TryGetValue(job, out var running) ? running.Ended : Task.CompletedTask;

    public void Start(JobAssignment job)
    {
        var running = new Running(job);
        if (_draining || !_running.TryAdd(job.Key, running))
            return;
        running.Ended = Task.Run(() => Run(job, running));
    }

    /// <returns>False where no run of the job lives here.</returns>
    public bool Cancel(JobKey job)
    {
        if (!_running.TryGetValue(job, out var running))
            return false;
        running.Cancellation.Cancel();
        return true;
    }

    /// <summary>
    /// Asks a run to store a last checkpoint and to end. Does nothing where no run of the job lives here.
    /// </summary>
    public void Leave(JobKey job)
    {
        if (!_running.TryGetValue(job, out var running))
            return;
        running.Stays = true;
        running.HandOver.Cancel();
    }

    /// <summary>Gives up to so many jobs back that wait for a slot, the latest first.</summary>
    /// <returns>Those that were; nothing of them lives here any more.</returns>
    public Task<IReadOnlyList<JobKey>> GiveWaiting(int jobs) =>
        HandOver([
            .. _running
                .Values.Where(r => !r.Begun && !r.Cancellation.IsCancellationRequested)
                .OrderByDescending(r => r.Job.Created)
                .Take(jobs),
        ]);

    /// <summary>Takes jobs again after <see cref="Drain"/>.</summary>
    public void Reopen() => _draining = false;

    /// <summary>Gives all jobs back, with a checkpoint of what they have done, and takes no other.</summary>
    /// <inheritdoc cref="GiveWaiting"/>
    public Task<IReadOnlyList<JobKey>> Drain()
    {
        _draining = true;
        return HandOver([.. _running.Values]);
    }

    private static async Task<IReadOnlyList<JobKey>> HandOver(Running[] given)
    {
        foreach (var running in given)
            await running.HandOver.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(given.Select(r => r.Ended)).ConfigureAwait(false);
        return [.. given.Where(r => r.Left).Select(r => r.Job.Key)];
    }

    private async Task Run(JobAssignment job, Running running)
    {
        var started = time.GetTimestamp();
        try
        {
            await Attempt(job, running, started).ConfigureAwait(false);
            Learn(time.GetElapsedTime(started).TotalSeconds / Math.Max(1, _running.Values.Count(r => r.Begun)));
            Interlocked.Increment(ref _ended);
        }
        catch (Exception e)
            when (e is OutdatedRunException || running.HandOver.IsCancellationRequested || IsDeviceLost(e))
        {
            running.Left = e is not OutdatedRunException;
            LogLeft(logger, job.Key.Id, job.Epoch);
        }
        catch (Exception e)
        {
            // A grain did not answer, the storage is away or full, or the end could not be stored: the scan takes the
            // job up again, from its checkpoint.
            LogEndFailed(logger, job.Key.Id, e);
            if (RefusalFilter.Translate(e) is { } refusal)
                await Quietly(job, reports => reports.Waits(job.Epoch, refusal.Message)).ConfigureAwait(false);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(job.Key, running));
        }
        if (running.Left)
            await Quietly(job, reports => running.Stays ? reports.Stopped(job.Epoch) : reports.Left(job.Epoch))
                .ConfigureAwait(false);
    }

    private async Task Attempt(JobAssignment job, Running running, long started)
    {
        var (work, slots) = _works[job.Spec.Kind];
        var reports = Reports(job);
        var handOver = running.HandOver.Token;
        await using var run = new JobRun(job, reports, blobs, collector, time, logger, handOver);
        running.Run = run;
        // A kind that hands over by itself ends after its last checkpoint; the others stop at once.
        using var stop = work.HandsOver
            ? CancellationTokenSource.CreateLinkedTokenSource(running.Cancellation.Token)
            : CancellationTokenSource.CreateLinkedTokenSource(running.Cancellation.Token, handOver);
        IReadOnlyList<int> versions = [];
        var error = job.Verdict;
        try
        {
            if (error is null)
            {
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, handOver);
                using var slot = await slots
                    .Take(job.Key.Tenant, job.Spec.Payload.Priority, waiting.Token)
                    .ConfigureAwait(false);
                using var stay = run.Stay = await Enter(job, waiting.Token).ConfigureAwait(false);
                running.Begun = true;
                if (!await reports.Began(job.Epoch).ConfigureAwait(false))
                    throw new OutdatedRunException();
                versions = await work.Run(job, run, stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
            when (!Passes(e, work, stop.Token) && !(e is OperationCanceledException && handOver.IsCancellationRequested)
            )
        {
            error = ErrorOf(e, stop.IsCancellationRequested);
            if (error.Code == ErrorCodes.Internal)
                LogUnexpected(logger, job.Key.Id, e);
        }
        if (error is not null)
            await work.Fail(job, error).ConfigureAwait(false);
        // Before anybody can see the end: whoever does finds the run among the measured ones.
        instruments.JobEnded(job.Spec.Kind, error, time.GetElapsedTime(started));
        await reports.Ended(job.Epoch, versions, error).ConfigureAwait(false);
        await run.DropCheckpoints().ConfigureAwait(false);
        await work.CleanUp(job).ConfigureAwait(false);
    }

    private async Task<JobCompany.Stay> Enter(JobAssignment job, CancellationToken cancellation)
    {
        var turn = _company.Enter(job.Alone, cancellation);
        if (job.Alone && !turn.IsCompleted)
            await Quietly(job, r => r.Waits(job.Epoch, "the worker's other jobs end first; it runs alone"))
                .ConfigureAwait(false);
        return await turn.ConfigureAwait(false);
    }

    /// <summary>
    /// Nothing is wrong with the job: another run goes on with it, a grain did not answer in time or lived on a silo
    /// that died or ends, the device is lost, or the storage is away or full for a while.
    /// </summary>
    private static bool Passes(Exception failure, IJobWork work, CancellationToken stop) =>
        failure is OutdatedRunException or TimeoutException or OrleansException
        || failure is OperationCanceledException && !stop.IsCancellationRequested
        || RefusalFilter.Translate(failure) is { Code: var code }
            && (
                code is ErrorCodes.StorageUnavailable or ErrorCodes.DeviceLost
                || code == ErrorCodes.StorageFull && work.HandsOver
            );

    private static bool IsDeviceLost(Exception failure) =>
        RefusalFilter.Translate(failure) is { Code: ErrorCodes.DeviceLost };

    /// <summary>Where this fails, the scan of another silo finds the job once this one is gone.</summary>
    private async Task Quietly(JobAssignment job, Func<IJobReports, Task> report)
    {
        try
        {
            await report(Reports(job)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogEndFailed(logger, job.Key.Id, e);
        }
    }

    private void Learn(double seconds)
    {
        var mean = Volatile.Read(ref _secondsPerJob);
        Volatile.Write(ref _secondsPerJob, mean == 0 ? seconds : mean + LatestShare * (seconds - mean));
    }

    private IJobReports Reports(JobAssignment job) => grains.GetGrain<IJobReports>(job.Key.ToString());

    private static JobError ErrorOf(Exception failure, bool cancelled)
    {
        if (failure is OperationCanceledException && cancelled)
            return Cancelled;
        if (failure is Engine.Trials.AdaptationDivergedException)
            return new("adaptation-diverged", failure.Message);
        return RefusalFilter.Translate(failure) is { } refusal
            ? new(refusal.Code, refusal.Message)
            : new(
                ErrorCodes.Internal,
                "The job failed for a reason that nobody foresaw; the silo's log says more. Try again, and report "
                    + "it if it stays."
            );
    }

    private sealed class Running(JobAssignment job)
    {
        public JobAssignment Job => job;

        /// <summary>A user ended it.</summary>
        public CancellationTokenSource Cancellation { get; } = new();

        /// <summary>It is to go on elsewhere.</summary>
        public CancellationTokenSource HandOver { get; } = new();

        public JobRun? Run { get; set; }

        /// <summary>It has a slot.</summary>
        public bool Begun { get; set; }

        /// <summary>It was paused: its grain stays here.</summary>
        public bool Stays { get; set; }

        /// <summary>It was given up, unfinished.</summary>
        public bool Left { get; set; }

        public Task Ended { get; set; } = Task.CompletedTask;
    }

    [LoggerMessage(
        GrainEvents.JobRunLeft,
        LogLevel.Information,
        "Run {Epoch} of job {Job} was left; the job goes on elsewhere or after the next start."
    )]
    private static partial void LogLeft(ILogger logger, string job, long epoch);

    [LoggerMessage(
        GrainEvents.JobEndNotStored,
        LogLevel.Warning,
        "Job {Job} or its end could not be stored in time; it is taken up again."
    )]
    private static partial void LogEndFailed(ILogger logger, string job, Exception failure);

    [LoggerMessage(GrainEvents.JobFailedUnexpectedly, LogLevel.Error, "Job {Job} failed unexpectedly.")]
    private static partial void LogUnexpected(ILogger logger, string job, Exception failure);
}
