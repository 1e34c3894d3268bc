using Orleans.Metadata;

namespace ComodCluster.Grains.Workers;

/// <summary>On the worker that <see cref="WorkerChoice"/> names; a placement hint wins.</summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class WorkerPlacement : PlacementStrategy
{
    private const string Property = "comod.placed";

    public WorkerPlacement() { }

    internal WorkerPlacement(Placed placed) => Placed = placed;

    /// <summary>As an object where a build announces the grain that does not say.</summary>
    [Id(0)]
    internal Placed Placed { get; private set; }

    // Gateways, which have no class of the grain, learn it from the workers.
    public override void PopulateGrainProperties(
        IServiceProvider services,
        Type grainClass,
        GrainType grainType,
        Dictionary<string, string> properties
    )
    {
        base.PopulateGrainProperties(services, grainClass, grainType, properties);
        properties[Property] = Placed.ToString();
    }

    public override void Initialize(GrainProperties properties) =>
        Placed =
            properties.Properties.TryGetValue(Property, out var placed) && Enum.TryParse<Placed>(placed, out var known)
                ? known
                : default;
}
