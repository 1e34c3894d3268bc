using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Tests.Statistics;

public class EstimateTests
{
    // Ranks of the 95 % sign-test interval, from printed tables.
    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]
    [InlineData(9, 2)]
    [InlineData(15, 4)]
    [InlineData(20, 6)]
    [InlineData(25, 8)]
    [InlineData(100, 40)]
    public void Rank_SampleSize_AsTabulated(int n, int rank) => Assert.Equal(rank, Estimate.Rank(n));

    [Fact]
    public void Of_FifteenValuesInAnyOrder_MedianAndFourthFromEachEnd()
    {
        double[] values = [15, 1, 14, 2, 13, 3, 12, 4, 11, 5, 10, 6, 9, 7, 8];
        Assert.Equal(new Estimate(8, 4, 12), Estimate.Of(values));
    }

    [Fact]
    public void Of_FewValues_SmallestToLargest()
    {
        Assert.Equal(new Estimate(2, 1, 5), Estimate.Of([5, 1, 2]));
        Assert.Equal(new Estimate(2.5, 1, 4), Estimate.Of([4, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Estimate.Of([]));
    }
}
