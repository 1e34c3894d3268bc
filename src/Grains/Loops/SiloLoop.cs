using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Loops;

/// <summary>
/// Work that a silo repeats for as long as it lives. A round that fails is told once, until the reason is another one,
/// and tried again; only the silo's end or <see cref="End"/> ends the loop.
/// </summary>
/// <param name="name">As in the metric <c>comod_loop_since_round_seconds</c>.</param>
/// <param name="every">From the end of a round to the next one.</param>
public abstract partial class SiloLoop(string name, TimeSpan every, SiloLoops loops, TimeProvider time, ILogger logger)
    : BackgroundService
{
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(1);

    private long _succeeded = time.GetTimestamp();
    private volatile string? _failure;
    private volatile bool _ended;

    public string Name => name;

    /// <summary>Since a round last did its work; since the start where none did.</summary>
    public TimeSpan SinceRound => time.GetElapsedTime(Interlocked.Read(ref _succeeded));

    /// <summary>How long the silo counts as ready although no round does its work; null: for ever.</summary>
    public virtual TimeSpan? Patience => every * 10 > LeastPatience ? every * 10 : LeastPatience;

    /// <summary>What the last round failed of; null where it did its work.</summary>
    public string? Failure => _failure;

    protected TimeProvider Time => time;

    protected abstract Task Round(CancellationToken cancellation);

    /// <summary>Completes when the next round should not wait for its time. An async method.</summary>
    protected virtual Task Woken(CancellationToken cancellation) =>
        Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);

    /// <summary>Called in a round that is the last one: there is nothing more to do.</summary>
    protected void End() => _ended = true;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Interlocked.Exchange(ref _succeeded, time.GetTimestamp());
        loops.Add(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Attempt(stoppingToken).ConfigureAwait(false);
            if (_ended)
                break;
            await Pause(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        loops.Remove(this);
    }

    private async Task Attempt(CancellationToken stopping)
    {
        try
        {
            await Round(stopping).ConfigureAwait(false);
            Interlocked.Exchange(ref _succeeded, time.GetTimestamp());
            if (_failure is not null)
                LogGoesOn(logger, name);
            _failure = null;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // The silo ends.
        }
        catch (Exception failure)
        {
            // Messages of what nobody foresaw may differ each time: their type says whether it is the same.
            var foreseen = failure is ComodException or InputException;
            var reason = foreseen ? failure.Message : failure.GetType().Name;
            if (reason != _failure)
                LogFailed(logger, name, every, reason, foreseen ? null : failure);
            _failure = reason;
        }
    }

    private async Task Pause(CancellationToken stopping)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pause = Task.Delay(every, time, waiting.Token);
        var first = await Task.WhenAny(pause, Woken(waiting.Token)).ConfigureAwait(false);
        if (!first.IsCompletedSuccessfully)
            await pause.ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
    }

    [LoggerMessage(
        GrainEvents.LoopFailed,
        LogLevel.Warning,
        "The loop {Loop} failed; it is tried again every {Every}: {Reason}"
    )]
    private static partial void LogFailed(
        ILogger logger,
        string loop,
        TimeSpan every,
        string reason,
        Exception? failure
    );

    [LoggerMessage(GrainEvents.LoopGoesOn, LogLevel.Information, "The loop {Loop} does its work again.")]
    private static partial void LogGoesOn(ILogger logger, string loop);
}
