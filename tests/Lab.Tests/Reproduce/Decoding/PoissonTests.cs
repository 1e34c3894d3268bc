using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Reproduce;
using ComodCluster.Lab.Reproduce.Decoding;

namespace ComodCluster.Lab.Tests.Reproduce.Decoding;

public class PoissonTests
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(0.1)]
    [InlineData(3)]
    [InlineData(9.9)]
    [InlineData(10)]
    [InlineData(80)]
    [InlineData(9000)]
    public void Draw_AnyMean_HasThatMeanAndVariance(double mean)
    {
        var random = new RandomStream(1);
        Check(mean, [.. Enumerable.Range(0, Draws).Select(_ => (double)Poisson.Draw(mean, random))]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.7)]
    [InlineData(12)]
    public void DrawFromTable_AnyMean_HasTheDistribution(double mean)
    {
        var (random, table) = (new RandomStream(2), new PoissonTable(mean));
        var drawn = Enumerable.Range(0, Draws).Select(_ => (double)table.Draw(random)).ToArray();
        Check(mean, drawn);
        for (var k = 0; k < 5; k++)
        {
            var p = Math.Exp(k * Math.Log(mean) - mean - Poisson.LogFactorial(k));
            Assert.Equal(p, drawn.Count(d => d == k) / (double)Draws, 5 * Math.Sqrt(p / Draws) + 1e-4);
        }
    }

    [Theory]
    [InlineData(9, 12.801827480081469)]
    [InlineData(10, 15.104412573075516)]
    [InlineData(100, 363.73937555556349)]
    public void LogFactorial_Integers_IsExact(double k, double expected) =>
        Assert.Equal(expected, Poisson.LogFactorial(k), 1e-9);

    private static void Check(double mean, double[] drawn)
    {
        Assert.Equal(mean, drawn.Average(), 5 * Math.Sqrt(mean / Draws));
        Assert.Equal(
            mean,
            drawn.Average(d => (d - mean) * (d - mean)),
            5 * Math.Sqrt((2 * mean * mean + mean) / Draws)
        );
    }
}
