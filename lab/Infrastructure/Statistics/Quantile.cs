namespace ComodCluster.Infrastructure.Statistics;

public static class Quantile
{
    /// <summary>The smallest value that at least <paramref name="share"/> of the values do not exceed.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public static double Of(IReadOnlyList<double> values, double share)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is nothing to rank.", nameof(values));
        if (!(share > 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "above 0, at most 1");
        return values.Order().ElementAt((int)Math.Ceiling(share * values.Count) - 1);
    }
}
