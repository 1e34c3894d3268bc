namespace ComodCluster.Infrastructure.Statistics;

/// <summary>The straight line with the least squares.</summary>
/// <param name="Error">Standard error of the slope, where the deviations are independent.</param>
public readonly record struct Line(double Slope, double Intercept, double Error)
{
    /// <param name="xs">At least three, not all the same.</param>
    public static Line Fit(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys)
    {
        var (n, meanX, meanY) = (xs.Length, Mean(xs), Mean(ys));
        double xx = 0,
            xy = 0,
            squares = 0;
        for (var i = 0; i < n; i++)
        {
            xx += (xs[i] - meanX) * (xs[i] - meanX);
            xy += (xs[i] - meanX) * (ys[i] - meanY);
        }
        var slope = xy / xx;
        var intercept = meanY - slope * meanX;
        for (var i = 0; i < n; i++)
            squares += Math.Pow(ys[i] - intercept - slope * xs[i], 2);
        return new(slope, intercept, Math.Sqrt(squares / (n - 2) / xx));
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
