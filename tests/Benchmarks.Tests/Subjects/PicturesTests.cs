using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Benchmarks.Tests.Subjects;

public class PicturesTests
{
    [Fact]
    public void Of_KnownClasses_ScenesOfThatSideWithTheirOwnLabels()
    {
        using var pack = Pictures.Of(8, 64, [.. Pictures.Classes.Take(2)]);
        Assert.Equal([4, 4], pack.Manifest.Train.PerName);
        Assert.Equal(0, pack.Manifest.Test.Images);
        Assert.Equal((64, 64), (pack.Decode(0).Width, pack.Decode(0).Height));
        var canvases = Pictures.Canvases(8, [.. Pictures.Classes.Take(2)]);
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(canvases.Label(DatasetSplit.Train, i), pack.Labels(i)[0]));
    }

    [Fact]
    public void Of_MoreNamesThanScenesKnow_LabelsInTurns()
    {
        using var pack = Pictures.Of(6, 48, "x", "y", "z");
        Assert.Equal([2, 2, 2], pack.Manifest.Train.PerName);
    }
}
