using System.Threading.Channels;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;

namespace ComodCluster.Engine.Trials;

/// <summary>One job on the device thread: its trials' coroutines, its progress and its checkpoints.</summary>
internal sealed class AdaptationRun
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);
    private readonly TrialRun[] _trials;
    private readonly IEnumerator<Turn>?[] _turns;
    private readonly IAdaptationObserver _observer;
    private readonly TimeProvider _time;
    private readonly TimeSpan _checkpointEvery;
    private readonly Channel<Func<ValueTask>> _messages = Channel.CreateUnbounded<Func<ValueTask>>(
        new() { SingleReader = true }
    );
    private readonly TaskCompletionSource<IReadOnlyList<TrialResult>> _result = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly CancellationToken _cancellation,
        _handOver;
    private readonly long _started;
    private readonly ActivationNeeds _needs;
    private readonly bool _compared;
    private AdaptationDivergedException? _diverged;
    private long _reported,
        _saved;
    private int _savedSteps,
        _stepsAtStart = -1;
    private double _workAtStart = -1;
    private bool _saving;

    public AdaptationRun(
        IReadOnlyList<TrialPlan> plans,
        AdaptationWork work,
        Backbone backbone,
        ActivationCache activations,
        ExecutionProfile profile,
        EngineOptions options,
        HostWork host,
        TimeProvider time,
        Func<GroupKey, LaneGroup> groups,
        IAdaptationObserver observer,
        CancellationToken cancellation
    )
    {
        var checkpoints = LaneCheckpoints.Of(work.Checkpoint, plans.Count);
        _trials =
        [
            .. plans.Select(
                (p, i) =>
                    new TrialRun(
                        p,
                        work.Tenant,
                        work.Pack,
                        backbone,
                        activations,
                        profile,
                        options,
                        host,
                        time,
                        groups,
                        checkpoints[i]
                    )
            ),
        ];
        _turns = [.. _trials.Select(r => r.Run().GetEnumerator())];
        (_observer, _time, _checkpointEvery, _cancellation, _handOver) = (
            observer,
            time,
            options.CheckpointEvery,
            cancellation,
            work.HandOver
        );
        (Tenant, BackboneDigest, _compared) = (work.Tenant, work.BackboneDigest, work.Compared);
        _started = _reported = _saved = time.GetTimestamp();
        _needs = activations.Needs(backbone, plans.SelectMany(p => p.Activations(work)));
        TableBytes = plans.Sum(p => p.TableBytes(backbone));
        Messages = Task.Run(Deliver, CancellationToken.None);
    }

    public string Tenant { get; }

    public string BackboneDigest { get; }

    /// <summary>Bytes of the tables that its lanes need.</summary>
    public long TableBytes { get; }

    /// <summary>Completes once the observer has heard everything.</summary>
    public Task Messages { get; }

    /// <summary>
    /// Ends with the trials' results, in the order of the work; candidates that diverged are left out.
    /// </summary>
    public Task<IReadOnlyList<TrialResult>> Result => _result.Task;

    public bool Ended { get; private set; }

    /// <summary>In its last turn all its trials waited for the host, which wakes the device thread.</summary>
    public bool Sleeps { get; private set; }

    /// <summary>Gives each trial a turn.</summary>
    /// <returns>Yields after each piece of work.</returns>
    public IEnumerable<object?> Advance()
    {
        if (_handOver.IsCancellationRequested && !_cancellation.IsCancellationRequested)
        {
            if (Did(Save))
                End(new OperationCanceledException(_handOver));
            yield break;
        }
        var sleeps = true;
        for (var i = 0; i < _turns.Length && !Ended; i++)
        {
            if (_turns[i] is not { } turns)
                continue;
            var sleeping = false;
            var worked = false;
            try
            {
                _cancellation.ThrowIfCancellationRequested();
                if (turns.MoveNext())
                    (worked, sleeping) = (turns.Current == Turn.Worked, turns.Current == Turn.Sleeping);
                else
                    _turns[i] = null;
            }
            catch (AdaptationDivergedException e) when (_compared)
            {
                // One candidate less; its lanes have ended.
                _turns[i] = null;
                _diverged ??= e;
            }
            catch (Exception e)
            {
                End(e);
            }
            sleeps &= sleeping;
            if (worked)
                yield return null;
        }
        if (Ended)
            yield break;
        (sleeps, Sleeps) = (Sleeps, sleeps);
        if (Array.TrueForAll(_turns, t => t is null))
            End(Array.TrueForAll(_trials, r => r.Result is null) ? _diverged : null);
        else
            Did(() => Tell(Sleeps && !sleeps));
    }

    /// <returns>False where it threw: the job has ended with that.</returns>
    private bool Did(Action piece)
    {
        try
        {
            piece();
            return true;
        }
        catch (Exception e)
        {
            End(e);
            return false;
        }
    }

    /// <summary>For a job that has not had a turn yet.</summary>
    public void EndIfCancelled()
    {
        if (_cancellation.IsCancellationRequested || _handOver.IsCancellationRequested)
            End(new OperationCanceledException());
    }

    /// <summary>Ends the job without a result.</summary>
    public void End(Exception? error)
    {
        if (Ended)
            return;
        Ended = true;
        foreach (var turns in _turns)
            turns?.Dispose();
        foreach (var trial in _trials)
            trial.Release();
        _messages.Writer.Complete();
        if (error is OperationCanceledException)
            _result.TrySetCanceled(_cancellation.IsCancellationRequested ? _cancellation : new CancellationToken(true));
        else if (error is not null)
            _result.TrySetException(error);
        else
            _result.TrySetResult([.. _trials.Select(r => r.Result).OfType<TrialResult>()]);
    }

    private void Tell(bool anew)
    {
        var now = _time.GetTimestamp();
        if (anew || _time.GetElapsedTime(_reported, now) >= ReportEvery)
        {
            _reported = now;
            var progress = Progress(now);
            _messages.Writer.TryWrite(() =>
            {
                _observer.Report(progress);
                return ValueTask.CompletedTask;
            });
        }
        var steps = _trials.Sum(r => r.StepsDone);
        if (steps == _savedSteps || Volatile.Read(ref _saving) || _time.GetElapsedTime(_saved, now) < _checkpointEvery)
            return;
        (_saved, _savedSteps) = (now, steps);
        Save();
    }

    private void Save()
    {
        Volatile.Write(ref _saving, true);
        var state = LaneCheckpoints.Save(_trials);
        _messages.Writer.TryWrite(async () =>
        {
            try
            {
                await _observer.Checkpoint(state);
            }
            finally
            {
                Volatile.Write(ref _saving, false);
            }
        });
    }

    private AdaptationProgress Progress(long now)
    {
        var done = _trials.Sum(r => r.StepsDone);
        var total = _trials.Sum(r => r.Plan.TotalSteps);
        if (_stepsAtStart < 0 && done > 0)
            _stepsAtStart = done - 1;
        var elapsed = _time.GetElapsedTime(_started, now).TotalSeconds;
        var rate = done > _stepsAtStart && _stepsAtStart >= 0 ? (done - _stepsAtStart) / elapsed : 0;
        var (work, all) = (_trials.Sum(r => r.Work.Done), _trials.Sum(r => r.Work.All));
        if (_workAtStart < 0 && done > 0)
            _workAtStart = work;
        var rowsPerStep = _trials.Average(r =>
            (double)
                Math.Min(r.Plan.Settings.Batch, r.Plan.Train.Length > 0 ? r.Plan.Train.Length : r.Plan.Examples.Length)
        );
        TrialStep[] steps =
        [
            .. _trials.Select(r =>
            {
                var lane = r.Lanes.Count > 0 ? r.Lanes[^1].Lane : null;
                return new TrialStep(
                    r.Plan.Settings.Method,
                    r.Plan.Settings.Seed,
                    r.StepsDone,
                    r.Plan.TotalSteps,
                    lane is null || double.IsNaN(lane.Loss) ? null : lane.Loss,
                    lane is { Curve.Count: > 0 } ? lane.Curve[^1].HeldOutAccuracy : null
                );
            }),
        ];
        return new AdaptationProgress(
            Sleeps ? "fitting the readout"
                : done == 0 ? $"computing prefix activations: {_needs}"
                : done < total ? "adapting"
                : "measuring",
            all == 0 ? 0 : 0.98 * Math.Min(1.0, work / all),
            rate * rowsPerStep,
            rate > 0 && work > _workAtStart ? Math.Max(0, all - work) * elapsed / (work - _workAtStart) : null,
            steps.Average(s => s.Loss),
            steps.Average(s => s.Accuracy),
            steps
        );
    }

    private async Task Deliver()
    {
        try
        {
            await foreach (var message in _messages.Reader.ReadAllAsync())
                await message();
        }
        catch (Exception e)
        {
            // A checkpoint that cannot be stored ends the job: going on would break the promise of what a kill can
            // lose.
            _failure = e;
        }
    }

    private volatile Exception? _failure;

    /// <summary>What the observer threw; null otherwise.</summary>
    public Exception? ObserverFailure => _failure;
}
