using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Tests.Statistics;

public class RankTests
{
    [Fact]
    public void Spearman_KnownRanks_TheirCorrelation()
    {
        Assert.Equal(1, Rank.Spearman([1, 2, 30], [-5, 0, 0.1]), 1e-12);
        Assert.Equal(-1, Rank.Spearman([1, 2, 30], [3, 2, 1]), 1e-12);
        // Differences of ranks 0, 1, 1, 0: 1 - 6 * 2 / (4 * 15).
        Assert.Equal(0.8, Rank.Spearman([1, 2, 3, 4], [1, 3, 2, 4]), 1e-12);
        // Two share rank 1.5: covariance 1.5 over the root of 2 * 1.5.
        Assert.Equal(1.5 / Math.Sqrt(3), Rank.Spearman([1, 2, 3], [0, 0, 1]), 1e-12);
        Assert.True(double.IsNaN(Rank.Spearman([1, 2], [7, 7])));
        Assert.Throws<ArgumentException>(() => Rank.Spearman([1, 2], [1]));
    }
}
