using ComodCluster.Benchmarks.Adapt64;

namespace ComodCluster.Benchmarks.Tests.Adapt64;

public class TaskPairsTests
{
    [Fact]
    public void Of_AllNumbersOfARound_EachPairOnce()
    {
        var pairs = Enumerable.Range(0, 45).Select(i => TaskPairs.Of(i, 10)).ToArray();
        Assert.Equal(45, pairs.Distinct().Count());
        Assert.All(pairs, p => Assert.True(0 <= p.First && p.First < p.Second && p.Second < 10));
        Assert.Equal((0, 1), pairs[0]);
        Assert.Equal((8, 9), pairs[44]);
        Assert.Equal(pairs[0], TaskPairs.Of(45, 10));
    }
}
