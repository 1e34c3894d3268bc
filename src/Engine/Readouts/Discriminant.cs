namespace ComodCluster.Engine.Readouts;

/// <summary>
/// Linear discriminants: the covariance within the classes, pooled and shrunk towards a multiple of the identity by
/// Ledoit and Wolf's weight (2004); all classes count as equally frequent.
/// </summary>
internal static class Discriminant
{
    private const double LeastShrinkage = 0.02;

    /// <summary>Scores of classes, in units of the logarithm of a likelihood.</summary>
    /// <param name="features">[n, D], about standardised; it is overwritten.</param>
    /// <param name="targets">Every class has an image.</param>
    public static (double[] Weight, double[] Bias) OfClasses(double[] features, int width, ReadoutTargets targets)
    {
        var within = new CentredRows(features, width, targets.Strata(), targets.Outputs);
        var (shift, factor) = Covariance(within, within.Count - targets.Outputs);
        var weight = (double[])within.Means.Clone();
        within.Solve(shift, factor, weight);
        return (weight, [.. Enumerable.Range(0, targets.Outputs).Select(k => -0.5 * Product(within.Means, weight, k))]);

        double Product(double[] a, double[] b, int k) =>
            LinearAlgebra.Products.Dot(a.AsSpan(k * width, width), b.AsSpan(k * width, width));
    }

    /// <summary>
    /// Yes against no for each attribute. One covariance about the mean of all is solved for all of them; that within an
    /// attribute's two sides has one direction less (Sherman and Morrison).
    /// </summary>
    /// <inheritdoc cref="OfClasses"/>
    public static (double[] Weight, double[] Bias) OfAttributes(double[] features, int width, ReadoutTargets targets)
    {
        int n = targets.Count,
            outputs = targets.Outputs;
        var ones = targets.Ones();
        var sides = new double[2 * outputs * width]; // means of yes, then of no
        for (var i = 0; i < n; i++)
        for (var k = 0; k < outputs; k++)
        {
            var yes = targets.Is(i, k);
            LinearAlgebra.Products.AddScaled(
                1.0 / (yes ? ones[k] : n - ones[k]),
                features.AsSpan(i * width, width),
                sides.AsSpan((yes ? k : outputs + k) * width, width)
            );
        }
        var rows = new CentredRows(features, width, new int[n], 1);
        var (shift, factor) = Covariance(rows, n - 2);
        var difference = new double[outputs * width];
        for (var k = 0; k < outputs; k++)
            if (ones[k] > 0 && ones[k] < n)
                for (var j = 0; j < width; j++)
                    difference[k * width + j] = sides[k * width + j] - sides[(outputs + k) * width + j];
        var weight = (double[])difference.Clone();
        rows.Solve(shift, factor, weight);
        var bias = new double[outputs];
        for (var k = 0; k < outputs; k++)
        {
            var row = weight.AsSpan(k * width, width);
            var between = factor * ones[k] * (n - ones[k]) / n;
            var rest = 1 - between * LinearAlgebra.Products.Dot(difference.AsSpan(k * width, width), row);
            foreach (ref var w in row)
                w /= rest;
            for (var j = 0; j < width; j++)
                bias[k] -= 0.5 * row[j] * (sides[k * width + j] + sides[(outputs + k) * width + j]);
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
