using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Statistics;

/// <summary>Stratified draws and parts of a task's examples. Pure functions of the seed.</summary>
public static class Splits
{
    private const ulong DrawStream = 0x5311_7000,
        PartStream = 0x5311_8000;

    /// <summary>
    /// Positions of <paramref name="count"/> examples, each class in its share (largest remainders), at least two of
    /// each.
    /// </summary>
    /// <param name="classes">Class of each available example; one class for all where there are attributes.</param>
    /// <exception cref="InputException">examples-too-many, examples-too-few.</exception>
    public static int[] Draw(IReadOnlyList<int> classes, int count, int seed)
    {
        if (count > classes.Count)
            throw new InputException(
                "examples-too-many",
                $"{count} training images are asked for and the data set has {classes.Count} for this task; ask for "
                    + $"fewer or upload more."
            );
        var groups = Grouped(classes, seed, DrawStream);
        var exact = groups.Select(g => (double)count * g.Length / classes.Count).ToArray();
        var quota = exact.Select(e => (int)e).ToArray();
        foreach (
            var k in Enumerable
                .Range(0, groups.Length)
                .OrderByDescending(k => exact[k] - quota[k])
                .ThenBy(k => k)
                .Take(count - quota.Sum())
        )
            quota[k]++;
        if (quota.Any(q => q < 2))
            throw new InputException(
                "examples-too-few",
                $"{count} training images leave a class with fewer than two; ask for more, or upload more of the "
                    + $"rare class."
            );
        return [.. groups.SelectMany((g, k) => g.Take(quota[k])).Order()];
    }

    /// <summary>Parts of the given shares, stratified: every class that has enough is in every part.</summary>
    /// <returns>One array of positions per share.</returns>
    public static int[][] Parts(IReadOnlyList<int> classes, IReadOnlyList<double> shares, int seed)
    {
        var parts = shares.Select(_ => new List<int>()).ToArray();
        foreach (var group in Grouped(classes, seed, PartStream))
        {
            // The first part takes what the others leave; each of the others at least one while the first keeps one.
            var taken = 0;
            for (var p = shares.Count - 1; p > 0; p--)
            {
                var n = Math.Min(
                    Math.Max(1, (int)Math.Round(shares[p] * group.Length, MidpointRounding.AwayFromZero)),
                    group.Length - taken - 1
                );
                if (n <= 0)
                    continue;
                parts[p].AddRange(group.Skip(taken).Take(n));
                taken += n;
            }
            parts[0].AddRange(group.Skip(taken));
        }
        return [.. parts.Select(p => p.Order().ToArray())];
    }

    /// <summary>Folds of about equal size; each class is dealt out in turn.</summary>
    public static int[][] Folds(IReadOnlyList<int> classes, int folds, int seed)
    {
        var parts = Enumerable.Range(0, folds).Select(_ => new List<int>()).ToArray();
        var next = 0;
        foreach (var group in Grouped(classes, seed, PartStream))
        foreach (var i in group)
            parts[next++ % folds].Add(i);
        return [.. parts.Select(p => p.Order().ToArray())];
    }

    private static int[][] Grouped(IReadOnlyList<int> classes, int seed, ulong stream)
    {
        var order = CounterRandom.Permutation(classes.Count, (ulong)(uint)seed, stream);
        return [.. order.GroupBy(i => classes[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
    }
}
