using ComodCluster.Api.Backbones;
using ComodCluster.Grains.Backbones;

namespace ComodCluster.Grains.Tests.Backbones;

public class BackboneLifecycleTests
{
    private static readonly (BackbonePhase, BackboneEvent, BackbonePhase)[] Possible =
    [
        (BackbonePhase.Training, BackboneEvent.Trained, BackbonePhase.Ready),
        (BackbonePhase.Training, BackboneEvent.TrainingFailed, BackbonePhase.Failed),
        (BackbonePhase.Training, BackboneEvent.Delete, BackbonePhase.Deleted),
        (BackbonePhase.Ready, BackboneEvent.Delete, BackbonePhase.Deleted),
        (BackbonePhase.Failed, BackboneEvent.TrainAgain, BackbonePhase.Training),
        (BackbonePhase.Failed, BackboneEvent.RegisterInstead, BackbonePhase.Ready),
        (BackbonePhase.Failed, BackboneEvent.Delete, BackbonePhase.Deleted),
    ];

    [Fact]
    public void Next_EveryPair_FollowsTheTable()
    {
        foreach (var phase in Enum.GetValues<BackbonePhase>())
        foreach (var happening in Enum.GetValues<BackboneEvent>())
        {
            var expected = Possible
                .Where(p => (p.Item1, p.Item2) == (phase, happening))
                .Select(p => (BackbonePhase?)p.Item3)
                .SingleOrDefault();
            Assert.Equal((phase, happening, expected), (phase, happening, BackboneLifecycle.Next(phase, happening)));
        }
    }
}
