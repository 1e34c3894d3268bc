using ComodCluster.Api.Planning;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts.Planning;
using ComodCluster.Engine;
using ComodCluster.Engine.Planning;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Tasks;
using ComodCluster.Grains.Workers;

namespace ComodCluster.Grains.Planning;

[WorkerPlacement(Placed.ByKey)]
internal sealed class PlanGrain(TaskEngine engine, TaskBinding binding, BlobStore blobs, TimeProvider time)
    : Grain,
        IPlanGrain
{
    // Name of a task that is never stored.
    private const string Unnamed = "plan";

    public async Task<PlanReport> Make(string tenant, PlanRequest request, CancellationToken cancellation)
    {
        var spec = new TaskSpec
        {
            Name = Unnamed,
            Backbone = request.Backbone,
            Dataset = request.Dataset,
            Classes = request.Classes,
            Readout = request.Readout,
            Options = request.Options,
        };
        var task = await binding.Bind(Unnamed, new(tenant), spec, time.GetUtcNow(), cancellation);
        using var pack = await blobs.OpenPack(new(tenant), task.DatasetDigest, request.Dataset, cancellation);
        var usual = new PlanWork
        {
            BackboneDigest = task.BackboneDigest,
            Pack = pack,
            Task = task.Definition(),
            HeadClasses = await binding.HeadClasses(new(tenant), request.Backbone, cancellation),
        };
        var plan = await engine.Plan(
            usual with
            {
                Tenant = tenant,
                Settings = TrialSettings.Of(
                    request.Options,
                    null,
                    Method.Comodulation,
                    request.Seed ?? 0,
                    task.Form with
                    {
                        Also = null,
                    }
                ),
                Images = request.Images ?? usual.Images,
                LossBound = request.LossBound ?? usual.LossBound,
            },
            cancellation
        );
        return PlanReports.Of(request, task.Info, plan, engine.Device, engine.Profile);
    }
}
