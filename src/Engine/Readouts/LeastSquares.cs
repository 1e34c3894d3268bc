using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>Ridge regression towards one-hot targets, with an intercept.</summary>
internal static class LeastSquares
{
    /// <summary>The penalty of |w|^2 for each image, of about standardised features.</summary>
    private const double Penalty = 0.3;

    /// <inheritdoc cref="Discriminant.OfClasses"/>
    public static (double[] Weight, double[] Bias) OfClasses(TrainingRows rows)
    {
        var weight = (double[])rows.Means.Clone();
        var bias = new double[rows.Ones.Length];
        for (var k = 0; k < bias.Length; k++)
        {
            // X' (targets less their mean): the sum of X over the class.
            var sum = weight.AsSpan(k * rows.Width, rows.Width);
            Products.AddScaled(-1, rows.Mean, sum);
            foreach (ref var value in sum)
                value *= rows.Ones[k];
        }
        using (var centred = rows.AboutMean())
            centred.Solve(Penalty * rows.Count, 1, weight);
        for (var k = 0; k < bias.Length; k++)
            bias[k] =
                (double)rows.Ones[k] / rows.Count - Products.Dot(weight.AsSpan(k * rows.Width, rows.Width), rows.Mean);
        return (weight, bias);
    }
}
