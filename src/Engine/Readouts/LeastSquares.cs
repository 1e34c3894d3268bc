namespace ComodCluster.Engine.Readouts;

/// <summary>Ridge regression towards one-hot targets, with an intercept.</summary>
internal static class LeastSquares
{
    /// <summary>The penalty of |w|^2 for each image, of about standardised features.</summary>
    private const double Penalty = 0.3;

    /// <inheritdoc cref="Discriminant.OfClasses"/>
    public static (double[] Weight, double[] Bias) OfClasses(double[] features, int width, ReadoutTargets targets)
    {
        int n = targets.Count,
            outputs = targets.Outputs;
        var ones = targets.Ones();
        var weight = new double[outputs * width]; // X' (targets less their mean): sums of X over each class
        var rows = new CentredRows(features, width, new int[n], 1);
        for (var i = 0; i < n; i++)
            LinearAlgebra.Products.AddScaled(
                1,
                features.AsSpan(i * width, width),
                weight.AsSpan(targets.ClassOf(i) * width, width)
            );
        rows.Solve(Penalty * n, 1, weight);
        var bias = new double[outputs];
        for (var k = 0; k < outputs; k++)
            bias[k] = (double)ones[k] / n - LinearAlgebra.Products.Dot(weight.AsSpan(k * width, width), rows.Means);
        return (weight, bias);
    }
}
