using ComodCluster.Engine.Episodes;

namespace ComodCluster.Engine.Tests.Episodes;

public class EpisodeTests
{
    private static readonly int[] Strata = [.. Enumerable.Range(0, 60).Select(i => i % 3)];

    [Fact]
    public void Draw_AllImages_HalvesEveryClassAnewForEachStep()
    {
        var first = Episode.Draw(Strata, 128, 5, 0);
        var second = Episode.Draw(Strata, 128, 5, 1);

        foreach (var episode in new[] { first, second })
        {
            Assert.Equal(Enumerable.Range(0, 60), episode.Support.Concat(episode.Query).Order());
            foreach (var of in new[] { episode.Support, episode.Query })
                Assert.All(of.CountBy(i => Strata[i]), c => Assert.Equal(10, c.Value));
        }
        Assert.NotEqual(first.Support.Order(), second.Support.Order());
        Assert.Equal(first.Support, Episode.Draw(Strata, 128, 5, 0).Support);
    }

    [Fact]
    public void Draw_MoreThanAskedFor_EachClassHasItsShareAndAtLeastTwo()
    {
        int[] strata = [.. Enumerable.Repeat(0, 96), 1, 1, 2, 2];

        var episode = Episode.Draw(strata, 10, 0, 0);

        int[] all = [.. episode.Support, .. episode.Query];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal([10, 2, 2], all.CountBy(i => strata[i]).OrderBy(c => c.Key).Select(c => c.Value));
    }

    [Fact]
    public void Draw_ClassWithOneImage_IsInTheSupport()
    {
        var episode = Episode.Draw([0, 0, 0, 0, 1], 128, 0, 0);

        Assert.Contains(4, episode.Support);
        Assert.Equal(2, episode.Query.Length);
    }
}
