using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Tests.Statistics;

public class QuantileTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.991, 100)]
    [InlineData(1, 100)]
    [InlineData(0.001, 1)]
    public void Of_OneToHundredInAnyOrder_NearestRank(double share, double expected) =>
        Assert.Equal(expected, Quantile.Of([.. Enumerable.Range(1, 100).Select(i => (double)(i * 37 % 101))], share));

    [Fact]
    public void Of_NothingOrNoShare_Throws()
    {
        Assert.Throws<ArgumentException>(() => Quantile.Of([], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantile.Of([1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantile.Of([1], 1.01));
    }
}
