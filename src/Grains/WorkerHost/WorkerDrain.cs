using ComodCluster.Contracts;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Telemetry;
using ComodCluster.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.WorkerHost;

/// <summary>
/// Empties a worker of its jobs: each stores a checkpoint and goes on where the placement sends it. Predictions are
/// answered until the silo stops.
/// </summary>
public sealed partial class WorkerDrain
{
    private readonly JobRunner _runner;
    private readonly JobScan _scan;
    private readonly WorkerDirectory _workers;
    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Task? _drained;
    private bool _stopping;

    internal WorkerDrain(
        JobRunner runner,
        JobScan scan,
        WorkerDirectory workers,
        IGrainFactory grains,
        ILogger<WorkerDrain> logger
    ) => (_runner, _scan, _workers, _grains, _logger) = (runner, scan, workers, grains, logger);

    public bool Begun
    {
        get
        {
            lock (_lock)
                return _drained is not null;
        }
    }

    /// <summary>Starts it, unless it has begun.</summary>
    /// <param name="stopping">The process ends: it cannot be taken back.</param>
    /// <returns>Completes when no job is left here.</returns>
    public Task Begin(bool stopping = false)
    {
        lock (_lock)
        {
            _stopping |= stopping;
            return _drained ??= Task.Run(Drain);
        }
    }

    /// <summary>The worker takes jobs again, those that wait for a worker first.</summary>
    /// <returns>False where the process ends.</returns>
    public bool TakeBack()
    {
        lock (_lock)
        {
            if (_stopping)
                return false;
            if (_drained is null)
                return true;
            _drained = null;
            _runner.Reopen();
        }
        _ = Task.Run(TakeUp);
        return true;
    }

    private async Task TakeUp()
    {
        try
        {
            await _workers.Refresh().ConfigureAwait(false);
            await _scan.Scan(CancellationToken.None).ConfigureAwait(false);
        }
        catch (ComodException e)
        {
            LogNotLookedFor(_logger, e.Message);
        }
    }

    private async Task Drain()
    {
        // The other workers must be known as such before the placement is asked; that this one drains, too.
        await _workers.Refresh().ConfigureAwait(false);
        var given = await _runner.Drain().ConfigureAwait(false);
        foreach (var job in given)
        {
            try
            {
                await _grains.Job(job).Resume(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                LogNotTaken(_logger, job.Id, e.Message);
            }
        }
        LogDrained(_logger, given.Count);
    }

    [LoggerMessage(
        GrainEvents.ReopenedWorkerWaits,
        LogLevel.Warning,
        "Jobs that wait are taken up within ten seconds, not at once: {Reason}"
    )]
    private static partial void LogNotLookedFor(ILogger logger, string reason);

    [LoggerMessage(GrainEvents.WorkerDrained, LogLevel.Information, "Drained: {Jobs} jobs were handed over.")]
    private static partial void LogDrained(ILogger logger, int jobs);

    [LoggerMessage(
        GrainEvents.DrainedJobNotTaken,
        LogLevel.Warning,
        "Job {Job} was not taken over at once; the scan of another silo finds it: {Reason}"
    )]
    private static partial void LogNotTaken(ILogger logger, string job, string reason);
}
