using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Linear discriminants: the covariance within the classes, pooled and shrunk towards a multiple of the identity by
/// Ledoit and Wolf's weight (2004); all answers count as equally frequent.
/// </summary>
internal static class Discriminant
{
    private const double LeastShrinkage = 0.02;

    /// <summary>Weights [K, D] and biases [K] of standardised features; every class has an image.</summary>
    public static (double[] Weight, double[] Bias) OfClasses(TrainingRows rows)
    {
        using var within = rows.AboutClassMeans();
        var (shift, factor) = Covariance(within, rows.Count - rows.Targets.Outputs);
        var weight = (double[])rows.Means.Clone();
        within.Solve(shift, factor, weight);
        var bias = new double[rows.Targets.Outputs];
        for (var k = 0; k < bias.Length; k++)
            bias[k] = -0.5 * Products.Dot(rows.MeanOf(k), weight.AsSpan(k * rows.Width, rows.Width));
        return (weight, bias);
    }

    /// <summary>
    /// Yes against no for each attribute; weights of 0 for one that has one side alone. One covariance about the mean of
    /// all is solved for all attributes; that within an attribute's two sides has one direction less (Sherman and
    /// Morrison).
    /// </summary>
    /// <inheritdoc cref="OfClasses"/>
    public static (double[] Weight, double[] Bias) OfAttributes(TrainingRows rows)
    {
        var (n, width) = (rows.Count, rows.Width);
        using var all = rows.AboutMean();
        var (shift, factor) = Covariance(all, n - 2);
        // n mean = ones yes + (n - ones) no
        var differences = new double[rows.Means.Length]; // yes - no = (yes - mean) n / (n - ones)
        for (var k = 0; k < rows.Ones.Length; k++)
            if (rows.Ones[k] > 0 && rows.Ones[k] < n)
            {
                var difference = differences.AsSpan(k * width, width);
                rows.MeanOf(k).CopyTo(difference);
                Products.AddScaled(-1, rows.Mean, difference);
                foreach (ref var d in difference)
                    d *= (double)n / (n - rows.Ones[k]);
            }
        var weight = (double[])differences.Clone();
        all.Solve(shift, factor, weight);
        var bias = new double[rows.Ones.Length];
        for (var k = 0; k < bias.Length; k++)
        {
            var w = weight.AsSpan(k * width, width);
            var difference = differences.AsSpan(k * width, width);
            double share = (double)rows.Ones[k] / n,
                rest = 1 - factor * n * share * (1 - share) * Products.Dot(difference, w);
            foreach (ref var value in w)
                value /= rest;
            // The middle between both sides is mean + (1/2 - share) difference.
            bias[k] = -Products.Dot(rows.Mean, w) - (0.5 - share) * Products.Dot(difference, w);
        }
        return (weight, bias);
    }

    // The covariance as shift I + factor X' X; where nothing varies within, or no freedom is left, the identity.
    private static (double Shift, double Factor) Covariance(CentredRows rows, int freedom)
    {
        double n = rows.Count,
            width = rows.Width,
            mean = rows.Trace / n / width;
        if (freedom < 1 || !(mean > 1e-12))
            return (1, 0);
        double square = rows.Square / n / n,
            spread = square / width - mean * mean,
            noise = (rows.Fourth / n / n - square / n) / width,
            shrinkage = Math.Clamp(noise / Math.Max(spread, 1e-12 * mean * mean), LeastShrinkage, 1);
        return (shrinkage * mean, (1 - shrinkage) / freedom);
    }
}
