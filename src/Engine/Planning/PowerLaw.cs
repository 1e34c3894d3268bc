namespace ComodCluster.Engine.Planning;

/// <summary>y = Factor x^Exponent.</summary>
public readonly record struct PowerLaw(double Factor, double Exponent)
{
    /// <summary>Least squares of log y over log x.</summary>
    /// <exception cref="ArgumentException">Fewer than two different x, or a number that has no logarithm.</exception>
    public static PowerLaw Fit(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
            throw new ArgumentException($"{x.Count} x and {y.Count} y.", nameof(y));
        if (x.Concat(y).Any(v => !(v > 0 && double.IsFinite(v))))
            throw new ArgumentException("A power law needs finite numbers above 0.", nameof(y));
        if (x.Distinct().Count() < 2)
            throw new ArgumentException("A power law needs two different x.", nameof(x));
        double[] logX = [.. x.Select(v => Math.Log(v))],
            logY = [.. y.Select(v => Math.Log(v))];
        double meanX = logX.Average(),
            meanY = logY.Average();
        var exponent =
            logX.Zip(logY, (a, b) => (a - meanX) * (b - meanY)).Sum() / logX.Sum(a => (a - meanX) * (a - meanX));
        return new PowerLaw(Math.Exp(meanY - exponent * meanX), exponent);
    }

    public double At(double x) => Factor * Math.Pow(x, Exponent);
}
