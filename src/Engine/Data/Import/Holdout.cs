namespace ComodCluster.Engine.Data.Import;

/// <summary>Which images of a class are held out where the source has no test part.</summary>
internal static class Holdout
{
    /// <summary>
    /// Places within the class: the rounded share, at least one and never all; none of a single image.
    /// </summary>
    public static HashSet<int> Choose(int count, ImportOptions options, int label)
    {
        var held = Math.Min(
            count - 1,
            Math.Max(1, (int)Math.Round(count * options.TestFraction, MidpointRounding.AwayFromZero))
        );
        return [.. CounterRandom.Permutation(count, options.Seed, (ulong)label).Take(held)];
    }
}
