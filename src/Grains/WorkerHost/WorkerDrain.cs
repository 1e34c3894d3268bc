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
    private readonly WorkerDirectory _workers;
    private readonly IGrainFactory _grains;
    private readonly ILogger _logger;
    private readonly Lazy<Task> _drained;

    internal WorkerDrain(JobRunner runner, WorkerDirectory workers, IGrainFactory grains, ILogger<WorkerDrain> logger)
    {
        (_runner, _workers, _grains, _logger) = (runner, workers, grains, logger);
        _drained = new Lazy<Task>(() => Task.Run(Drain));
    }

    public bool Begun => _drained.IsValueCreated;

    /// <summary>Starts it, once.</summary>
    /// <returns>Completes when no job is left here.</returns>
    public Task Begin() => _drained.Value;

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

    [LoggerMessage(GrainEvents.WorkerDrained, LogLevel.Information, "Drained: {Jobs} jobs were handed over.")]
    private static partial void LogDrained(ILogger logger, int jobs);

    [LoggerMessage(
        GrainEvents.DrainedJobNotTaken,
        LogLevel.Warning,
        "Job {Job} was not taken over at once; the scan of another silo finds it: {Reason}"
    )]
    private static partial void LogNotTaken(ILogger logger, string job, string reason);
}
