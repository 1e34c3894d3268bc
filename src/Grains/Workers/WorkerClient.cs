using Orleans.Metadata;
using Orleans.Runtime.Services;

namespace ComodCluster.Grains.Workers;

/// <summary>Speaks to the workers' services from any silo.</summary>
internal sealed class WorkerClient(IServiceProvider services, IClusterManifestProvider manifests) : GrainServiceClient<IWorkerService>(services)
{
    private static readonly string TaskGrainName = typeof(Tasks.TaskGrain).FullName!;

    public IWorkerService On(SiloAddress silo) => GetGrainService(silo);

    /// <summary>Whether the silo can hold task grains.</summary>
    public bool IsWorker(SiloAddress silo) =>
        manifests.Current.Silos.TryGetValue(silo, out var manifest)
        && manifest.Grains.Values.Any(g => g.Properties.TryGetValue(WellKnownGrainTypeProperties.FullTypeName, out var name) && name == TaskGrainName);
}
