namespace ComodCluster.Engine.Planning;

/// <summary>
/// LogME (You, Liu, Wang, Long, ICML 2021): the log evidence of a Bayesian linear model y = F w + e, w ~ N(0, 1/alpha),
/// e ~ N(0, 1/beta), maximised over alpha and beta, per observation and averaged over the targets' columns. Features
/// and targets are centred, which is a flat prior on the offset and costs one observation. The higher, the better a
/// linear readout of the features can be expected to do. Invariant to a shift, a rotation and a common factor of the
/// features.
/// </summary>
public static class LogMe
{
    private const int Grid = 48,
        Refinements = 60;
    private const double Widest = 1e8;

    /// <param name="features">n rows, at least 3.</param>
    /// <param name="targets">[n][K]: one-hot, or 0 and 1 per attribute.</param>
    /// <returns>Nats per observation; a column that is constant has nothing to explain and is left out. 0 where all
    /// are.</returns>
    public static double Score(FeatureSpectrum features, IReadOnlyList<float[]> targets)
    {
        var scores = Enumerable
            .Range(0, targets[0].Length)
            .Select(k => OfColumn(features, [.. targets.Select(t => (double)t[k])]))
            .Where(s => !double.IsNaN(s))
            .ToArray();
        return scores.DefaultIfEmpty(0).Average();
    }

    private static double OfColumn(FeatureSpectrum features, double[] y)
    {
        var mean = y.Average();
        for (var i = 0; i < y.Length; i++)
            y[i] -= mean;
        var total = y.Sum(v => v * v);
        if (total < 1e-12)
            return double.NaN;
        var n = y.Length - 1.0;
        double[] squares = [.. features.Singular.Select(s => s * s)],
            z = [.. features.Project(y).Select(v => v * v)];
        var rest = Math.Max(total - z.Sum(), 1e-12 * total);
        if (squares.Length == 0)
            return Evidence(double.PositiveInfinity);

        // Along lambda = alpha / beta the best beta is known, n over the quadratic form: one dimension is left. It may
        // have several maxima, so a grid comes first.
        double low = Math.Log(squares[^1] / Widest),
            high = Math.Log(squares[0] * Widest),
            step = (high - low) / Grid;
        var best = Enumerable.Range(0, Grid + 1).Select(i => low + i * step).MaxBy(x => Evidence(Math.Exp(x)));
        var (from, to) = (Math.Max(low, best - step), Math.Min(high, best + step));
        for (var i = 0; i < Refinements; i++)
        {
            var third = (to - from) / 3;
            if (Evidence(Math.Exp(from + third)) < Evidence(Math.Exp(to - third)))
                from += third;
            else
                to -= third;
        }
        return Evidence(Math.Exp((from + to) / 2));

        double Evidence(double lambda)
        {
            double quadratic = rest,
                determinant = 0;
            for (var i = 0; i < squares.Length; i++)
            {
                var shrunk = double.IsPositiveInfinity(lambda) ? 1 : lambda / (lambda + squares[i]);
                quadratic += z[i] * shrunk;
                determinant -= Math.Log(shrunk);
            }
            return (n * (Math.Log(n / quadratic) - 1 - Math.Log(2 * Math.PI)) - determinant) / 2 / n;
        }
    }
}
