namespace ComodCluster.Engine.Statistics;

/// <summary>
/// Mean difference of two losses over the same images, with the standard error of that mean (0 for a single image).
/// </summary>
public readonly record struct PairedDifference(double Mean, double StandardError)
{
    /// <param name="losses">Loss of each image.</param>
    /// <param name="others">Losses of the same images, taken away from the first.</param>
    public static PairedDifference Of(IReadOnlyList<double> losses, IReadOnlyList<double> others)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(losses.Count, others.Count);
        ArgumentOutOfRangeException.ThrowIfZero(losses.Count);
        var differences = losses.Zip(others, (a, b) => a - b).ToArray();
        var mean = differences.Average();
        var n = differences.Length;
        return new(mean, n < 2 ? 0 : Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (n - 1) / n));
    }
}
