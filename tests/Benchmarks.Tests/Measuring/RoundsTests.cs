using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.Tests.Measuring;

public class RoundsTests
{
    [Fact]
    public void Speedup_OverTheSumOfTwo_SumOverOwn()
    {
        var rounds = Rounds.Run(Effort.Quick, new("ours", () => 2), new("steps", () => 1), new("rest", () => 3));
        Assert.Equal(new Estimate(2, 2, 2), rounds.Speedup("ours", ["steps", "rest"]));
        Assert.Equal(new Estimate(0.5, 0.5, 0.5), rounds.Speedup("ours", "steps"));
    }
}
