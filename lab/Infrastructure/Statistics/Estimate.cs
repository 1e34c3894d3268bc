namespace ComodCluster.Infrastructure.Statistics;

/// <summary>A median with an interval that needs no assumption about the distribution.</summary>
public readonly record struct Estimate(double Median, double Low, double High)
{
    private const double Tail = 0.025;

    /// <summary>
    /// The interval runs between the k-th smallest and the k-th largest value, with the greatest k for which it holds
    /// the median of the population with at least 95 % (sign test); below six values, where none does, from the
    /// smallest to the largest.
    /// </summary>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is nothing to estimate from.", nameof(values));
        double[] sorted = [.. values.Order()];
        var k = Rank(sorted.Length);
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Estimate(median, sorted[k - 1], sorted[^k]);
    }

    /// <summary>The greatest k with P(Binomial(n, 1/2) &lt; k) &lt;= 2.5 %, at least 1.</summary>
    internal static int Rank(int n)
    {
        double term = Math.Pow(0.5, n),
            sum = 0;
        for (var k = 0; ; k++)
        {
            sum += term; // P(X <= k)
            if (sum > Tail)
                return Math.Max(1, k);
            term *= (n - k) / (k + 1.0);
        }
    }
}
