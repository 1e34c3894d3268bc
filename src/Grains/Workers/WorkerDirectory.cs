using ComodCluster.Api.Workers;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Workers;

/// <summary>
/// What every worker of the cluster reported last; asked for once a second. Between two reports it counts what this
/// silo placed itself.
/// </summary>
internal sealed partial class WorkerDirectory(
    IClusterMembershipService membership,
    WorkerClient client,
    SiloLoops loops,
    TimeProvider time,
    ILogger<WorkerDirectory> logger
) : SiloLoop("worker-reports", Every, loops, time, logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // For jobs whose cost nobody has measured yet.
    private const double DefaultJobSeconds = 10;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly Dictionary<SiloAddress, Known> _workers = [];

    /// <summary>By name. Workers that do not answer are left out.</summary>
    public IReadOnlyList<WorkerReport> Reports
    {
        get
        {
            lock (_lock)
                return [.. _workers.Values.Select(w => w.Report).OrderBy(r => r.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>There are workers, and none of them takes jobs.</summary>
    public bool AllDrain
    {
        get
        {
            lock (_lock)
                return _workers.Count > 0 && _workers.Values.All(w => w.Report.Draining);
        }
    }

    /// <param name="silos">At least one that holds the grain's class; those that drain are passed over as long as
    /// another one is there.</param>
    public SiloAddress Choose(string affinity, bool isJob, SiloAddress[] silos)
    {
        lock (_lock)
        {
            var open = silos.Where(s => !_workers.TryGetValue(s, out var known) || !known.Report.Draining).ToArray();
            if (open.Length == 0)
                open = silos;
            WorkerLoad[] loads = [.. open.Select(LoadOf)];
            var chosen = open[isJob ? WorkerChoice.ForJob(affinity, loads) : WorkerChoice.ForTask(affinity, loads)];
            if (_workers.TryGetValue(chosen, out var taken))
            {
                if (isJob)
                    taken.PlacedJobs++;
                else
                    taken.PlacedTasks++;
            }
            return chosen;
        }
    }

    /// <summary>Asks all workers now.</summary>
    public async Task Refresh()
    {
        // One at a time: what was asked earlier never replaces what was asked later.
        await _refreshing.WaitAsync().ConfigureAwait(false);
        try
        {
            await AskAll().ConfigureAwait(false);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public override void Dispose()
    {
        _refreshing.Dispose();
        base.Dispose();
    }

    private async Task AskAll()
    {
        var alive = membership
            .CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active)
            .Select(m => m.SiloAddress)
            .Where(client.IsWorker)
            .ToArray();
        var reports = await Task.WhenAll(alive.Select(Ask)).ConfigureAwait(false);
        lock (_lock)
        {
            foreach (var gone in _workers.Keys.Except(alive).ToArray())
                _workers.Remove(gone);
            foreach (var (silo, report) in alive.Zip(reports))
                if (report is not null)
                    _workers[silo] = new Known(report);
        }
    }

    protected override Task Round(CancellationToken cancellation) => Refresh().WaitAsync(cancellation);

    private WorkerLoad LoadOf(SiloAddress silo) =>
        _workers.TryGetValue(silo, out var known)
            ? new(
                known.Report.Name,
                known.Report.Tasks + known.PlacedTasks,
                known.Report.BacklogSeconds + known.PlacedJobs * (known.Report.SecondsPerJob ?? DefaultJobSeconds)
            )
            : new(silo.ToParsableString(), 0, 0);

    private async Task<WorkerReport?> Ask(SiloAddress silo)
    {
        try
        {
            return await client.On(silo).Report().WaitAsync(TimeSpan.FromSeconds(2), Time).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Dead, dying or too busy: what it reported last still counts until the membership drops it.
            LogSilent(logger, silo, e.Message);
            return null;
        }
    }

    private sealed class Known(WorkerReport report)
    {
        public WorkerReport Report => report;
        public int PlacedTasks { get; set; }
        public int PlacedJobs { get; set; }
    }

    [LoggerMessage(GrainEvents.WorkerSilent, LogLevel.Debug, "Worker {Silo} did not report: {Reason}")]
    private static partial void LogSilent(ILogger logger, SiloAddress silo, string reason);
}
