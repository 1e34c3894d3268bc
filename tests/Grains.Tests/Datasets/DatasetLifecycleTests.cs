using ComodCluster.Api.Datasets;
using ComodCluster.Grains.Datasets;

namespace ComodCluster.Grains.Tests.Datasets;

public class DatasetLifecycleTests
{
    private static readonly (DatasetPhase, DatasetEvent, DatasetPhase)[] Possible =
    [
        (DatasetPhase.Importing, DatasetEvent.Imported, DatasetPhase.Ready),
        (DatasetPhase.Importing, DatasetEvent.ImportFailed, DatasetPhase.Failed),
        (DatasetPhase.Importing, DatasetEvent.Delete, DatasetPhase.Deleted),
        (DatasetPhase.Ready, DatasetEvent.Delete, DatasetPhase.Deleted),
        (DatasetPhase.Failed, DatasetEvent.ImportAgain, DatasetPhase.Importing),
        (DatasetPhase.Failed, DatasetEvent.Delete, DatasetPhase.Deleted),
    ];

    [Fact]
    public void Next_EveryPair_FollowsTheTable()
    {
        foreach (var phase in Enum.GetValues<DatasetPhase>())
        foreach (var happening in Enum.GetValues<DatasetEvent>())
        {
            var expected = Possible
                .Where(p => (p.Item1, p.Item2) == (phase, happening))
                .Select(p => (DatasetPhase?)p.Item3)
                .SingleOrDefault();
            Assert.Equal((phase, happening, expected), (phase, happening, DatasetLifecycle.Next(phase, happening)));
        }
    }
}
