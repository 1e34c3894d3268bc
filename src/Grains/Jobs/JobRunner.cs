using System.Collections.Concurrent;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Blobs;
using ComodCluster.Grains.Catalog;
using ComodCluster.Grains.Hosting;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Jobs;

/// <summary>Runs jobs on the pool, off the grains' scheduler. Lives as long as the process; what is unfinished at its end is taken up at the next start.</summary>
internal sealed partial class JobRunner(
    IGrainFactory grains, IEnumerable<IJobWork> works, BlobStore blobs, BlobCollector collector, JobInstruments instruments, TimeProvider time, ILogger<JobRunner> logger)
    : IDisposable
{
    private readonly Dictionary<JobKind, (IJobWork Work, SemaphoreSlim Slots)> _works = works.ToDictionary(w => w.Kind, w => (w, new SemaphoreSlim(w.AtOnce)));
    private readonly ConcurrentDictionary<JobKey, Running> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    public bool IsRunning(JobKey job) => _running.ContainsKey(job);

    /// <param name="cancelled">Whether the job was cancelled before: the run only ends it.</param>
    public void Start(JobAssignment job, bool cancelled)
    {
        var running = new Running();
        if (cancelled) running.Cancellation.Cancel();
        if (_stopping.IsCancellationRequested || !_running.TryAdd(job.Key, running)) return;
        running.Ended = Task.Run(() => Run(job, running));
    }

    /// <returns>False where no run of the job lives here.</returns>
    public bool Cancel(JobKey job)
    {
        if (!_running.TryGetValue(job, out var running)) return false;
        running.Cancellation.Cancel();
        return true;
    }

    /// <summary>Ends all runs without a word to their grains, so that the jobs go on after the next start.</summary>
    public async Task Stop()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values.Select(r => r.Ended)).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Run(JobAssignment job, Running running)
    {
        var started = time.GetTimestamp();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(running.Cancellation.Token, _stopping.Token);
            var error = await Attempt(job, either.Token).ConfigureAwait(false);
            instruments.JobEnded(job.Spec.Kind, error, time.GetElapsedTime(started));
        }
        catch (Exception e) when (e is OutdatedRunException || _stopping.IsCancellationRequested)
        {
            LogLeft(logger, job.Key.Id, job.Epoch);
        }
        catch (Exception e)
        {
            // A grain did not answer, or the end could not be stored: the scan takes the job up again, from its checkpoint.
            LogEndFailed(logger, job.Key.Id, e);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(job.Key, running));
        }
    }

    private async Task<JobError?> Attempt(JobAssignment job, CancellationToken cancellation)
    {
        var (work, slots) = _works[job.Spec.Kind];
        var reports = grains.GetGrain<IJobReports>(GrainKeys.Job(job.Key.Tenant, job.Key.Id));
        await using var run = new JobRun(job, reports, blobs, collector, time, logger);
        IReadOnlyList<int> versions = [];
        JobError? error = null;
        try
        {
            await slots.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                if (!await reports.Began(job.Epoch).ConfigureAwait(false)) throw new OutdatedRunException();
                versions = await work.Run(job, run, cancellation).ConfigureAwait(false);
            }
            finally
            {
                slots.Release();
            }
        }
        catch (Exception e) when (e is not OutdatedRunException and not TimeoutException && !_stopping.IsCancellationRequested)
        {
            error = ErrorOf(e, cancellation.IsCancellationRequested);
            if (error.Code == ErrorCodes.Internal) LogUnexpected(logger, job.Key.Id, e);
            await work.Fail(job, error).ConfigureAwait(false);
        }
        await reports.Ended(job.Epoch, versions, error).ConfigureAwait(false);
        await run.DropCheckpoints().ConfigureAwait(false);
        await work.CleanUp(job).ConfigureAwait(false);
        return error;
    }

    private static JobError ErrorOf(Exception failure, bool cancelled)
    {
        if (failure is OperationCanceledException && cancelled) return new(ErrorCodes.Cancelled, "The job was cancelled.");
        if (failure is Engine.Execution.AdaptationDivergedException) return new("adaptation-diverged", failure.Message);
        return RefusalFilter.Translate(failure) is { } refusal
            ? new(refusal.Code, refusal.Message)
            : new(ErrorCodes.Internal, "The job failed for a reason that nobody foresaw; the silo's log says more. Try again, and report it if it stays.");
    }

    private sealed class Running
    {
        public CancellationTokenSource Cancellation { get; } = new();
        public Task Ended { get; set; } = Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {Epoch} of job {Job} was left; the job goes on elsewhere or after the next start.")]
    private static partial void LogLeft(ILogger logger, string job, long epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} or its end could not be stored in time; it is taken up again.")]
    private static partial void LogEndFailed(ILogger logger, string job, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed unexpectedly.")]
    private static partial void LogUnexpected(ILogger logger, string job, Exception failure);
}
