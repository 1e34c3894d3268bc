using System.Runtime.CompilerServices;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Telemetry;
using ComodCluster.Grains.Workers;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// A job's life cycle and progress. The work itself is done by the <see cref="JobRunner"/>, off the grains' scheduler.
/// One that has ended is soon let go: its row says all.
/// </summary>
[WorkerPlacement(Placed.AsJob), Immovable, CollectionAgeLimit(Minutes = 2)]
internal sealed partial class JobGrain : Grain, IJobGrain, IJobReports
{
    private readonly StoredRow<JobRow, JobState> _stored;
    private readonly JobRunner _runner;
    private readonly WorkerDirectory _workers;
    private readonly SiloProcesses _processes;
    private readonly string _silo;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JobFeed _feed = new();
    private readonly JobKey _key;

    // The stored state with the latest progress; null until there is a job.
    private JobInfo? _shown;

    public JobGrain(
        CatalogDatabase catalog,
        JobRunner runner,
        WorkerDirectory workers,
        SiloProcesses processes,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<JobGrain> logger
    )
    {
        _key = JobKey.Parse(this.GetPrimaryKeyString());
        (_stored, _runner, _workers, _processes, _silo, _time, _logger) = (
            new(catalog, new JobPlace(_key)),
            runner,
            workers,
            processes,
            silo.SiloAddress.ToParsableString(),
            time,
            logger
        );
    }

    public async Task<JobInfo> Submit(JobSpec spec, CancellationToken cancellation)
    {
        // The id may have been that of a job that is forgotten or purged.
        var before = _stored.Value?.Info.Created;
        await _stored.Refresh(cancellation);
        if (_stored.Value?.Info.Created != before)
            _shown = null;
        if (_stored.Value is not { } known)
            await _stored.Create(new NewJob(spec, _time.GetUtcNow()).Row, AlongWrite.Nothing, cancellation);
        else if (!JobRequests.AskTheSame(known.Spec, spec))
            throw NewJob.Conflict(_key.Id);
        try
        {
            await Dispatch(cancellation);
        }
        catch (ComodException e) when (e.Code is ErrorCodes.StorageFull or ErrorCodes.StorageUnavailable)
        {
            // The job is stored, so it is accepted: the scan dispatches it once the storage can be written.
            LogNotDispatched(_logger, _key.Id, e.Message);
        }
        return Show();
    }

    public async Task<JobInfo> Get(CancellationToken cancellation)
    {
        await Load(cancellation);
        return Show();
    }

    public async Task<JobInfo> Cancel(CancellationToken cancellation)
    {
        var state = await Load(cancellation);
        var next =
            JobLifecycle.Next(state.Info.Phase, JobEvent.Cancel)
            ?? throw ComodException.Conflict(
                ErrorCodes.JobFinished,
                $"The job '{_key.Id}' has ended already ({CatalogJson.Name(state.Info.Phase)}); there is nothing to "
                    + $"cancel."
            );
        if (state.Info.Phase != next)
            await Save(state with { Info = state.Info with { Phase = next } }, cancellation);
        if (!_runner.Cancel(_key))
            await Dispatch(cancellation);
        return Show();
    }

    public async Task<JobInfo> Pause(CancellationToken cancellation)
    {
        var state = await Change(JobEvent.Pause, "paused", cancellation);
        // Not awaited: the run's last checkpoint comes through this grain.
        if (state.Info.Phase == JobPhase.Paused)
            _runner.Leave(_key);
        return Show();
    }

    public async Task<JobInfo> Unpause(CancellationToken cancellation)
    {
        await Change(JobEvent.Resume, "resumed", cancellation);
        await Dispatch(cancellation);
        return Show();
    }

    public async IAsyncEnumerable<JobInfo> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Load(cancellation);
        await foreach (var state in _feed.Watch(Show, cancellation))
            yield return state;
    }

    public async Task<bool> Resume(CancellationToken cancellation)
    {
        await Load(cancellation);
        return await Dispatch(cancellation);
    }

    public async Task Left(long epoch)
    {
        if (await Current(epoch) is { } state)
            await Save(state with { Silo = null }, CancellationToken.None);
        if (_runner.Draining)
            MigrateOnIdle();
        else
            DeactivateOnIdle();
    }

    public async Task Stopped(long epoch)
    {
        if (await Current(epoch) is not { } state)
            return;
        // What it has done is seen in lists, too, while nothing of it runs; who asks while it is stored sees it as
        // well.
        _shown = Show() with
        {
            Activity = null,
            ImagesPerSecond = null,
            SecondsLeft = null,
        };
        await Save(state with { Silo = null, Info = _shown }, CancellationToken.None);
        // Resumed or cancelled meanwhile.
        await Dispatch(CancellationToken.None);
    }

    public async Task<bool> Began(long epoch)
    {
        if (await Current(epoch) is not { } state)
            return false;
        if (state.Info.Phase == JobPhase.Paused)
            return false;
        if (JobLifecycle.Next(state.Info.Phase, JobEvent.Begin) is not { } next)
            return true;
        await Show(
            state with
            {
                Info = state.Info with { Phase = next, Started = state.Info.Started ?? _time.GetUtcNow() },
                Runs = state.Runs with { BegunEpoch = epoch, Begun = _time.GetUtcNow() },
            },
            CancellationToken.None
        );
        return true;
    }

    public async Task Progressed(long epoch, JobProgress progress)
    {
        if (await Current(epoch) is null)
            return;
        _shown = Show() with
        {
            Progress = progress.Fraction,
            Activity = progress.Activity,
            ImagesPerSecond = progress.ImagesPerSecond,
            SecondsLeft = progress.SecondsLeft,
            Loss = progress.Loss,
            Accuracy = progress.Accuracy,
            Trials = progress.Trials,
        };
        _feed.Publish(_shown);
    }

    public async Task Waits(long epoch, string reason)
    {
        if (await Current(epoch) is null)
            return;
        _shown = Show() with { Activity = $"waits: {reason}", ImagesPerSecond = null, SecondsLeft = null };
        _feed.Publish(_shown);
    }

    public async Task<bool> Checkpointed(long epoch, string digest)
    {
        if (await Current(epoch) is not { } state)
            return false;
        await Save(JobDeaths.Checkpointed(state, digest), CancellationToken.None);
        return true;
    }

    public async Task Ended(long epoch, IReadOnlyList<int> versions, JobError? error)
    {
        if (await Current(epoch) is not { } state)
            return;
        var happening = error switch
        {
            null => JobEvent.Succeed,
            { Code: ErrorCodes.Cancelled } => JobEvent.Stopped,
            _ => JobEvent.Fail,
        };
        if (JobLifecycle.Next(state.Info.Phase, happening) is not { } next)
            return;
        var info = Show() with
        {
            Phase = next,
            Progress = error is null ? 1 : Show().Progress,
            Activity = null,
            ImagesPerSecond = null,
            SecondsLeft = null,
            Versions = versions,
            Error = error,
            Finished = _time.GetUtcNow(),
        };
        await Save(state with { Info = info, Checkpoint = null }, CancellationToken.None);
        DelayDeactivation(TimeSpan.Zero);
    }

    /// <summary>
    /// Starts a run in this process, unless the job has ended, pauses or a run of it lives here. Epoch and silo are
    /// stored before. Where the silo drains, the grain leaves it and the scan of another one takes the job up.
    /// </summary>
    private async Task<bool> Dispatch(CancellationToken cancellation)
    {
        if (
            _stored.Value is not { } state
            || state.Info.IsFinished
            || state.Info.Phase == JobPhase.Paused
            || _runner.IsRunning(_key)
        )
            return false;
        if (_runner.Draining)
        {
            if (_workers.AllDrain)
                await Wait(state, "no worker takes jobs: all drain", cancellation);
            else
                // Where it only went, the next question of somebody who watches, sent to where it was, would bring it
                // back here.
                MigrateOnIdle();
            return false;
        }
        var (now, cancelled) = (_time.GetUtcNow(), state.Info.Phase == JobPhase.Cancelling);
        var died = await Died(state);
        if (died)
        {
            var others = await _processes.OthersFell(JobDeaths.Fell(state), JobDeaths.Suspicious(state));
            state = JobDeaths.Count(state, now, others);
            LogDied(_logger, _key.Id, state.Info.Deaths);
        }
        if (state.Runs.NotBefore > now && !cancelled)
        {
            if (died)
                await Show(state, cancellation);
            return false;
        }
        var verdict = cancelled ? JobRunner.Cancelled : JobDeaths.Verdict(state);
        var again = state.Info.Phase == JobPhase.Running && verdict is null;
        await Show(
            state with
            {
                Epoch = state.Epoch + 1,
                Silo = _silo,
                Info = state.Info with { Activity = null, Resumes = state.Info.Resumes + (again ? 1 : 0) },
            },
            cancellation
        );
        _runner.Start(
            new JobAssignment(_key, state.Spec, state.Epoch + 1, state.Checkpoint, state.Info.Created)
            {
                Alone = JobDeaths.Isolates(state),
                Verdict = verdict,
            }
        );
        // A grain that went while its run goes on would come back on another silo.
        DelayDeactivation(TimeSpan.MaxValue);
        return true;
    }

    private async Task<bool> Died(JobState state) =>
        JobDeaths.EndsWithItsWorker(state) && state.Silo != _silo && !await _processes.Lives(state.Silo!);

    private Task Wait(JobState state, string reason, CancellationToken cancellation) =>
        state.Info.Activity == $"waits: {reason}"
            ? Task.CompletedTask
            : Show(state with { Info = state.Info with { Activity = $"waits: {reason}" } }, cancellation);

    /// <summary>Saves a job of which nothing runs, and shows what it does meanwhile.</summary>
    private Task Show(JobState state, CancellationToken cancellation)
    {
        _shown = Show() with { Activity = state.Info.Activity, ImagesPerSecond = null, SecondsLeft = null };
        return Save(state, cancellation);
    }

    /// <returns>The job as it is then.</returns>
    private async Task<JobState> Change(JobEvent happening, string participle, CancellationToken cancellation)
    {
        var state = await Load(cancellation);
        if (JobLifecycle.Next(state.Info.Phase, happening) is not { } next)
        {
            throw state.Info.IsFinished
                ? ComodException.Conflict(
                    ErrorCodes.JobFinished,
                    $"The job '{_key.Id}' has ended already ({CatalogJson.Name(state.Info.Phase)}) and cannot be "
                        + $"{participle}."
                )
                : ComodException.Conflict(
                    ErrorCodes.JobConflict,
                    $"The job '{_key.Id}' is being cancelled and cannot be {participle}."
                );
        }
        if (state.Info.Phase != next)
            await Save(state with { Info = state.Info with { Phase = next } }, cancellation);
        return _stored.Value!;
    }

    private async Task<JobState> Load(CancellationToken cancellation)
    {
        await _stored.Load(cancellation);
        return _stored.Value ?? throw ComodException.NotFound("job", _key.Id);
    }

    private async Task<JobState?> Current(long epoch)
    {
        await _stored.Load(CancellationToken.None);
        return _stored.Value is { } state && state.Epoch == epoch && !state.Info.IsFinished ? state : null;
    }

    private async Task Save(JobState next, CancellationToken cancellation)
    {
        await _stored.Save(next, AlongWrite.Nothing, cancellation);
        _shown =
            next.Info.IsFinished || _shown is null
                ? next.Info
                : _shown with
                {
                    Phase = next.Info.Phase,
                    Started = next.Info.Started,
                    Resumes = next.Info.Resumes,
                    Deaths = next.Info.Deaths,
                };
        _feed.Publish(_shown);
    }

    private JobInfo Show() => _shown ??= _stored.Value!.Info;

    [LoggerMessage(
        GrainEvents.JobNotDispatched,
        LogLevel.Warning,
        "Job {Job} was accepted and waits for the storage: {Reason}"
    )]
    private static partial void LogNotDispatched(ILogger logger, string job, string reason);

    [LoggerMessage(
        GrainEvents.JobWorkerDied,
        LogLevel.Warning,
        "The worker died while job {Job} ran, {Deaths} times in a row without a new checkpoint."
    )]
    private static partial void LogDied(ILogger logger, string job, int deaths);
}
