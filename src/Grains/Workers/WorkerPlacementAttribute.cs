using Orleans.Placement;

namespace ComodCluster.Grains.Workers;

/// <inheritdoc cref="WorkerPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WorkerPlacementAttribute(Placed placed) : PlacementAttribute(new WorkerPlacement(placed));
