using ComodCluster.Contracts.Workers;

namespace ComodCluster.Contracts.Planning;

/// <summary>
/// Key of the grain that makes plans for a backbone and a data set: <c>plan:{tenant}/{backbone}/{dataset}</c>.
/// </summary>
public readonly record struct PlanKey(Affinity Affinity)
{
    public override string ToString() => $"plan:{Affinity}";
}
