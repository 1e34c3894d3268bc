using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using Orleans.Runtime.Placement;

namespace ComodCluster.Grains.Workers;

/// <summary>Runs on the silo that makes a grain's first call, gateways included.</summary>
internal sealed class WorkerPlacementDirector(WorkerDirectory workers, Affinities affinities) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy,
        PlacementTarget target,
        IPlacementContext context
    )
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint)
            return hint;
        var (placed, key) = (((WorkerPlacement)strategy).Placed, target.GrainIdentity.Key.ToString()!);
        var affinity = Affinities.Announced(target.RequestContextData) ?? await Find(placed, key) ?? key;
        return workers.Choose(affinity, placed == Placed.AsJob, silos);
    }

    private async Task<string?> Find(Placed placed, string key)
    {
        try
        {
            return placed switch
            {
                Placed.AsObject => await affinities.OfObject(ObjectKey.Parse(key).Uid, CancellationToken.None),
                Placed.AsJob => await affinities.OfJob(JobKey.Parse(key), CancellationToken.None),
                _ => null,
            };
        }
        catch (ComodException)
        {
            // The grain itself will say that the storage is away.
            return null;
        }
    }
}
