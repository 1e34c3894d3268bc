using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Tests.Statistics;

public class DifferenceTests
{
    [Fact]
    public void Relative_Vectors_NormOfTheDifferenceOverNormOfTheTruth()
    {
        Assert.Equal(0, Difference.Relative([3, 4], [3, 4]));
        Assert.Equal(1, Difference.Relative([0, 0], [3, 4]));
        Assert.Equal(0.2, Difference.Relative([3, 5], [3, 4]), 1e-7);
        Assert.Throws<ArgumentException>(() => Difference.Relative([1], [1, 2]));
    }
}
