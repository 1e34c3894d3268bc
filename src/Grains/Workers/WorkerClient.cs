using Orleans.Runtime.Services;

namespace ComodCluster.Grains.Workers;

/// <summary>Speaks to the workers' services from any silo.</summary>
internal sealed class WorkerClient(IServiceProvider services, IClusterManifestProvider manifests)
    : GrainServiceClient<IWorkerService>(services)
{
    private static readonly GrainType Tasks = GrainType.Create("task");

    public IWorkerService On(SiloAddress silo) => GetGrainService(silo);

    /// <summary>Whether the silo can hold task grains.</summary>
    public bool IsWorker(SiloAddress silo) =>
        manifests.Current.Silos.TryGetValue(silo, out var manifest) && manifest.Grains.ContainsKey(Tasks);
}
