using ComodCluster.Api;
using ComodCluster.Api.Workers;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Tasks;
using ComodCluster.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.WorkerHost;

internal sealed class WorkerService(
    GrainId id,
    Orleans.Runtime.Silo silo,
    ILoggerFactory loggers,
    ILocalSiloDetails details,
    JobRunner runner,
    WorkerDrain drain,
    TaskEngine engine,
    BackboneResidency backbones,
    ResidentTasks tasks
) : GrainService(id, silo, loggers), IWorkerService
{
    public Task<WorkerReport> Report()
    {
        var load = runner.Load;
        return Task.FromResult(
            new WorkerReport
            {
                Name = details.Name,
                Silo = details.SiloAddress.ToParsableString(),
                Device = engine.Device,
                Draining = drain.Begun || runner.Draining || engine.Lost.IsCompleted,
                Tasks = tasks.Count,
                RunningJobs = load.Running,
                WaitingJobs = load.Waiting,
                BacklogSeconds = load.BacklogSeconds,
                SecondsPerJob = load.SecondsPerJob,
                EndedJobs = load.Ended,
                Backbones = [.. engine.Backbones.Keys],
            }
        );
    }

    public Task Drain()
    {
        drain.Begin();
        return Task.CompletedTask;
    }

    public Task Undrain() =>
        drain.TakeBack()
            ? Task.CompletedTask
            : throw ComodException.Conflict(
                ErrorCodes.WorkerStopping,
                $"The worker '{details.Name}' is stopping and takes no jobs any more; start it again."
            );

    public async Task<IReadOnlyList<string>> GiveWaiting(int jobs) =>
        [.. (await runner.GiveWaiting(jobs)).Select(job => job.ToString())];

    public async Task Forget(string tenant, string? pack, string? backbone)
    {
        if (pack is not null)
            await engine.ForgetActivations(tenant, pack);
        if (backbone is not null)
            await backbones.Release(backbone, CancellationToken.None);
    }
}
