using System.Collections.Immutable;
using System.Reflection;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Planning;
using ComodCluster.Grains.Tasks;
using ComodCluster.Grains.Workers;
using Orleans.Metadata;
using Orleans.Runtime;

namespace ComodCluster.Grains.Tests.Workers;

/// <summary>
/// A gateway has no grain classes: how a grain is placed reaches it with the manifest of the workers.
/// </summary>
public class WorkerPlacementTests
{
    [Theory]
    [InlineData(typeof(TaskGrain), Placed.AsObject)]
    [InlineData(typeof(JobGrain), Placed.AsJob)]
    [InlineData(typeof(PlanGrain), Placed.ByKey)]
    public void Initialize_FromTheAttributeOfTheGrain_SaysTheSame(Type grain, Placed placed)
    {
        var announced = new Dictionary<string, string>();
        grain
            .GetCustomAttribute<WorkerPlacementAttribute>()!
            .PlacementStrategy.PopulateGrainProperties(null!, grain, GrainType.Create("any"), announced);
        var read = new WorkerPlacement();

        read.Initialize(new GrainProperties(announced.ToImmutableDictionary(StringComparer.Ordinal)));

        Assert.Equal(placed, read.Placed);
        Assert.Contains(nameof(WorkerPlacement), announced.Values);
    }

    [Fact]
    public void Initialize_GrainOfAnEarlierBuild_IsPlacedAsAnObject()
    {
        var read = new WorkerPlacement();

        read.Initialize(
            new GrainProperties(ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal))
        );

        Assert.Equal(Placed.AsObject, read.Placed);
    }
}
