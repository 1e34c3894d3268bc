using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace ComodCluster.Grains.Workers;

/// <summary>On the worker that <see cref="WorkerChoice"/> names; a placement hint wins.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class WorkerPlacement : PlacementStrategy;

/// <inheritdoc cref="WorkerPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WorkerPlacementAttribute() : PlacementAttribute(new WorkerPlacement());

/// <summary>Runs on the silo that makes a grain's first call, gateways included.</summary>
internal sealed class WorkerPlacementDirector(WorkerDirectory workers, CatalogDatabase catalog) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint) return hint;
        var key = target.GrainIdentity.Key.ToString()!;
        var isJob = key.StartsWith("job:", StringComparison.Ordinal);
        var affinity = await AffinityOf(key, isJob, target.RequestContextData) ?? key;
        return workers.Choose(affinity, isJob, silos);
    }

    private async Task<string?> AffinityOf(string key, bool isJob, Dictionary<string, object>? announced)
    {
        if (announced is not null && announced.TryGetValue(Affinity.ContextKey, out var value)) return value as string;
        try
        {
            if (!isJob) return await Affinity.OfTask(catalog, GrainKeys.Uid(key), CancellationToken.None);
            var (tenant, id) = GrainKeys.TenantAndId(key);
            return await Affinity.OfJob(catalog, tenant, id, CancellationToken.None);
        }
        catch (ComodException)
        {
            // The grain itself will say that the storage is away.
            return null;
        }
    }
}
