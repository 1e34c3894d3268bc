namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>How each neuron's count goes with the modulator; needs no labels.</summary>
/// <param name="Products">Mean of count times modulator.</param>
/// <param name="Covariances">Covariance of count and modulator.</param>
/// <param name="Means">Mean of the count.</param>
internal sealed record Comodulation(double[] Products, double[] Covariances, double[] Means)
{
    public static Comodulation Of(Trials trials)
    {
        double[] means = new double[trials.Neurons],
            products = new double[trials.Neurons];
        var n = trials.Parts.Length;
        for (var i = 0; i < n; i++)
        {
            var (row, m) = (trials.Parts[i], trials.Modulator[i]);
            for (var j = 0; j < row.Length; j++)
            {
                means[j] += row[j] / (double)n;
                products[j] += row[j] * m / n;
            }
        }
        var modulator = trials.Modulator.Average();
        return new(products, [.. products.Zip(means, (product, mean) => product - mean * modulator)], means);
    }
}
