using ComodCluster.Engine.LinearAlgebra;

namespace ComodCluster.Engine.Readouts;

/// <summary>Logistic regression of exclusive classes by L-BFGS, with an intercept.</summary>
internal static class SoftmaxRegression
{
    /// <summary>Weight of |w|^2 / 2 against the mean loss, of about standardised features.</summary>
    private const double Penalty = 0.03;

    /// <inheritdoc cref="Discriminant.OfClasses"/>
    public static (double[] Weight, double[] Bias) OfClasses(TrainingRows rows)
    {
        using var centred = rows.AboutMean(keep: true);
        using var coordinates = centred.Coordinates();
        int n = rows.Count,
            outputs = rows.Targets.Outputs,
            width = coordinates.Width;
        double[] logits = new double[n * outputs],
            errors = new double[outputs * n];
        // Of each output the weights of the coordinates, then its bias: [K, r + 1].
        var found = LimitedMemory.Minimise(outputs * (width + 1), Evaluate);
        var weights = new double[outputs * width];
        var bias = new double[outputs];
        for (var k = 0; k < outputs; k++)
        {
            found.AsSpan(k * (width + 1), width).CopyTo(weights.AsSpan(k * width, width));
            bias[k] = found[k * (width + 1) + width];
        }
        var weight = centred.WeightsOf(coordinates, weights);
        for (var k = 0; k < outputs; k++)
            bias[k] -= Products.Dot(weight.AsSpan(k * rows.Width, rows.Width), rows.Mean);
        return (weight, bias);

        double Evaluate(double[] at, double[] slope)
        {
            Block point = new(at, outputs, width, width + 1),
                gradient = new(slope, outputs, width, width + 1);
            for (var i = 0; i < n; i++)
            for (var k = 0; k < outputs; k++)
                logits[i * outputs + k] = at[k * (width + 1) + width];
            Products.Add(coordinates.Rows, point, new(logits, n, outputs));
            var loss = 0.0;
            for (var i = 0; i < n; i++)
            {
                var row = logits.AsSpan(i * outputs, outputs);
                Probabilities.Of(row, exclusive: true);
                var right = rows.Targets.ClassOf(i);
                loss -= Math.Log(Math.Max(row[right], double.Epsilon)) / n;
                for (var k = 0; k < outputs; k++)
                    errors[k * n + i] = (row[k] - (k == right ? 1 : 0)) / n;
            }
            Array.Clear(slope);
            Products.Add(new(errors, outputs, n), coordinates.Columns, gradient);
            for (var k = 0; k < outputs; k++)
            {
                loss += Penalty / 2 * Products.Dot(point.Row(k), point.Row(k));
                Products.AddScaled(Penalty, point.Row(k), gradient.Row(k));
                foreach (var error in errors.AsSpan(k * n, n))
                    slope[k * (width + 1) + width] += error;
            }
            return loss;
        }
    }
}
