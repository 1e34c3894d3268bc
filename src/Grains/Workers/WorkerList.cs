using ComodCluster.Api.Workers;
using ComodCluster.Contracts;
using ComodCluster.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.Workers;

/// <summary>The cluster's workers, for those who look at them or speak to them all.</summary>
public sealed partial class WorkerList
{
    private readonly WorkerDirectory _directory;
    private readonly WorkerClient _client;
    private readonly ILogger _logger;

    internal WorkerList(WorkerDirectory directory, WorkerClient client, ILogger<WorkerList> logger) =>
        (_directory, _client, _logger) = (directory, client, logger);

    /// <summary>By name, as they reported within the last seconds.</summary>
    public IReadOnlyList<WorkerReport> All => _directory.Reports;

    /// <summary>Begins to empty a worker; its report says when it has no jobs left.</summary>
    /// <exception cref="ComodException">not-found</exception>
    public async Task<WorkerReport> Drain(string name)
    {
        var worker = Find(name);
        await worker.Drain();
        return await worker.Report();
    }

    /// <summary>Takes a drain back: the worker takes jobs again.</summary>
    /// <exception cref="ComodException">not-found; worker-stopping: its process ends.</exception>
    public async Task<WorkerReport> Undrain(string name)
    {
        var worker = Find(name);
        await worker.Undrain();
        return await worker.Report();
    }

    /// <inheritdoc cref="IWorkerService.Forget"/>
    internal async Task Forget(TenantName tenant, string? pack, string? backbone)
    {
        foreach (var worker in _directory.Reports)
        {
            try
            {
                await On(worker).Forget(tenant.Value, pack, backbone);
            }
            catch (Exception e)
            {
                // It is going: its memory goes with it, and its files are keyed by digests that nobody asks for.
                LogKept(_logger, worker.Name, e.Message);
            }
        }
    }

    private IWorkerService Find(string name) =>
        On(_directory.Reports.FirstOrDefault(w => w.Name == name) ?? throw ComodException.NotFound("worker", name));

    private IWorkerService On(WorkerReport worker) => _client.On(SiloAddress.FromParsableString(worker.Silo));

    [LoggerMessage(
        GrainEvents.WorkerNotTold,
        LogLevel.Warning,
        "Worker {Worker} was not told to forget what was deleted: {Reason}"
    )]
    private static partial void LogKept(ILogger logger, string worker, string reason);
}
