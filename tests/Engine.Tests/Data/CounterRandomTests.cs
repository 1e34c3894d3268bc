using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Tests.Data;

public class CounterRandomTests
{
    [Fact]
    public void NextUInt64_KnownArguments_NeverChanges()
    {
        // Frozen: stored seeds must mean the same data for ever.
        Assert.Equal(0xF30429728E32FA04UL, CounterRandom.NextUInt64(0, 0, 0));
        Assert.Equal(0x8B0A0FCC9C231429UL, CounterRandom.NextUInt64(1, 2, 3));
        Assert.Equal(0x3CD212CC7AD54601UL, CounterRandom.NextUInt64(ulong.MaxValue, 7, 1UL << 40));
    }

    [Fact]
    public void NextUInt64_NeighbouringArguments_DoNotCollide()
    {
        var seen = new HashSet<ulong>();
        for (ulong seed = 0; seed < 20; seed++)
        for (ulong stream = 0; stream < 20; stream++)
        for (ulong counter = 0; counter < 50; counter++)
            Assert.True(seen.Add(CounterRandom.NextUInt64(seed, stream, counter)));
    }

    [Fact]
    public void Uniform_ManyDraws_HaveTheMomentsOfTheUniform()
    {
        var draws = Enumerable.Range(0, 100_000).Select(i => CounterRandom.Uniform(3, 1, (ulong)i)).ToArray();

        Assert.All(draws, d => Assert.InRange(d, 0, 1 - 1e-16));
        Assert.Equal(0.5, draws.Average(), 0.004);
        Assert.Equal(1.0 / 12, draws.Average(d => (d - 0.5) * (d - 0.5)), 0.001);
    }

    [Fact]
    public void Normal_ManyDraws_HaveTheMomentsOfTheNormal()
    {
        var draws = Enumerable.Range(0, 100_000).Select(i => CounterRandom.Normal(3, 1, (ulong)i)).ToArray();

        Assert.Equal(0, draws.Average(), 0.015);
        Assert.Equal(1, draws.Average(d => d * d), 0.02);
        Assert.Equal(3, draws.Average(d => d * d * d * d), 0.15);
        Assert.Equal(0, draws.Zip(draws.Skip(1), (a, b) => a * b).Average(), 0.015);
    }

    [Fact]
    public void Below_ManyDraws_AreEvenlySpread()
    {
        var counts = new int[7];
        for (ulong i = 0; i < 70_000; i++)
            counts[CounterRandom.Below(7, 5, 0, i)]++;

        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
    }

    [Fact]
    public void Permutation_AnyCount_HoldsEachNumberOnce()
    {
        var order = CounterRandom.Permutation(1000, 4, 2);

        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 1000), order);
        Assert.Equal(order, CounterRandom.Permutation(1000, 4, 2));
    }
}
