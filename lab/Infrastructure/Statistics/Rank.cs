namespace ComodCluster.Infrastructure.Statistics;

/// <summary>Correlation of ranks.</summary>
public static class Rank
{
    /// <summary>
    /// Spearman's rho: the correlation of the ranks, equal values sharing their mean rank. NaN where one side is
    /// constant.
    /// </summary>
    public static double Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count || x.Count < 2)
            throw new ArgumentException($"{x.Count} x and {y.Count} y.", nameof(y));
        double[] a = Ranks(x),
            b = Ranks(y);
        double meanA = a.Average(),
            meanB = b.Average();
        double covariance = a.Zip(b, (p, q) => (p - meanA) * (q - meanB)).Sum(),
            variances = a.Sum(p => (p - meanA) * (p - meanA)) * b.Sum(q => (q - meanB) * (q - meanB));
        return covariance / Math.Sqrt(variances);
    }

    private static double[] Ranks(IReadOnlyList<double> values) =>
        [.. values.Select(v => values.Count(o => o < v) + (values.Count(o => o == v) + 1) / 2.0)];
}
