using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Tests.Statistics;

public class StatisticsTests
{
    [Fact]
    public void RandomStream_SameParts_GiveTheSameNumbersAndOthersDoNot()
    {
        Assert.Equal(new RandomStream(3, 1).Next(), new RandomStream(3, 1).Next());
        Assert.Distinct(
            new[] { new RandomStream(3, 1), new(1, 3), new(3), new(3, 2), new(4, 1) }.Select(random => random.Next())
        );
    }

    [Fact]
    public void RandomStream_ManyNumbers_HaveTheMomentsOfTheirDistribution()
    {
        var (random, n) = (new RandomStream(7), 200_000);
        var uniform = Enumerable.Range(0, n).Select(_ => random.Uniform()).ToArray();
        Assert.Equal(0.5, uniform.Average(), 0.005);
        Assert.Equal(1.0 / 12, uniform.Average(u => (u - 0.5) * (u - 0.5)), 0.002);
        var normal = Enumerable.Range(0, n).Select(_ => random.Normal()).ToArray();
        Assert.Equal(0, normal.Average(), 0.015);
        Assert.Equal(1, normal.Average(z => z * z), 0.03);
        Assert.Equal(3, normal.Average(z => z * z * z * z), 0.2);
    }

    [Fact]
    public void OfMean_NormalValues_IsNearTheNormalInterval()
    {
        var random = new RandomStream(1);
        var values = Enumerable.Range(0, 400).Select(_ => 2 + random.Normal()).ToArray();
        var spread = Interval.OfMean(values);
        Assert.Equal(values.Average(), spread.Mean, 1e-12);
        Assert.Equal(2 * 1.96 / Math.Sqrt(400), spread.High - spread.Low, 0.03);
        Assert.InRange(spread.Mean, spread.Low, spread.High);
    }

    [Fact]
    public void OfMean_SeedsOfSeveralTasks_IsAsWideAsTheTasksDiffer()
    {
        var random = new RandomStream(2);
        var tasks = Enumerable
            .Range(0, 100)
            .Select(_ => random.Normal())
            .Select(task => Enumerable.Range(0, 5).Select(_ => task + 0.1 * random.Normal()).ToArray())
            .ToArray();
        var spread = Interval.OfMean(tasks);
        Assert.Equal(tasks.Average(seeds => seeds.Average()), spread.Mean, 1e-12);
        Assert.Equal(2 * 1.96 / Math.Sqrt(100), spread.High - spread.Low, 0.06);
        Assert.Equal(Interval.OfMean(tasks[0]), Interval.OfMean([tasks[0]]));
    }

    [Fact]
    public void OfMean_OneValue_IsThatValue()
    {
        var spread = Interval.OfMean([0.5]);
        Assert.Equal((0.5, 0.5, 0.5), (spread.Mean, spread.Low, spread.High));
    }
}
