using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Planning;
using ComodCluster.Contracts.Tasks;

namespace ComodCluster.Contracts;

/// <summary>The grains of this project by their keys.</summary>
public static class GrainsByKey
{
    public static ITaskGrain Task(this IGrainFactory grains, string uid) =>
        grains.GetGrain<ITaskGrain>(new ObjectKey(ObjectKind.Task, uid).ToString());

    public static IDatasetGrain Dataset(this IGrainFactory grains, string uid) =>
        grains.GetGrain<IDatasetGrain>(new ObjectKey(ObjectKind.Dataset, uid).ToString());

    public static IBackboneGrain Backbone(this IGrainFactory grains, string uid) =>
        grains.GetGrain<IBackboneGrain>(new ObjectKey(ObjectKind.Backbone, uid).ToString());

    public static IJobGrain Job(this IGrainFactory grains, JobKey key) => grains.GetGrain<IJobGrain>(key.ToString());

    public static IPlanGrain Plan(this IGrainFactory grains, PlanKey key) =>
        grains.GetGrain<IPlanGrain>(key.ToString());
}
