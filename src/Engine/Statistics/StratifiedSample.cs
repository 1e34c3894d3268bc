using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Statistics;

/// <summary>
/// Which of many images are looked at: each class in its share, but two of each that has them. A pure function of the
/// seed.
/// </summary>
public static class StratifiedSample
{
    private const ulong Stream = 0x5A3F_1E00;

    /// <param name="classes">Class of each image.</param>
    /// <param name="most">About how many; rare classes may add a few.</param>
    /// <returns>Places, ascending.</returns>
    public static int[] Of(IReadOnlyList<int> classes, int most, int seed)
    {
        if (most >= classes.Count)
            return [.. Enumerable.Range(0, classes.Count)];
        var share = (double)most / classes.Count;
        return
        [
            .. CounterRandom
                .Permutation(classes.Count, (ulong)(uint)seed, Stream)
                .GroupBy(i => classes[i])
                .SelectMany(g => g.Take(Math.Max(2, (int)Math.Round(share * g.Count()))))
                .Order(),
        ];
    }
}
