namespace ComodCluster.Infrastructure.Statistics;

public static class Difference
{
    /// <summary>|found - truth| / |truth|, Euclidean.</summary>
    public static double Relative(IReadOnlyList<float> found, IReadOnlyList<float> truth)
    {
        if (found.Count != truth.Count)
            throw new ArgumentException($"{found.Count} numbers against {truth.Count}.", nameof(found));
        return Math.Sqrt(
            found.Zip(truth, (f, t) => ((double)f - t) * ((double)f - t)).Sum() / truth.Sum(t => (double)t * t)
        );
    }
}
