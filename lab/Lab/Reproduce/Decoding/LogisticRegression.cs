using System.Numerics.Tensors;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>
/// Logistic regression with L2 penalty: minimises <c>|w|^2 / 2 + C sum log(1 + exp(-y (w x + b)))</c> by Newton steps,
/// each solved by conjugate gradients.
/// </summary>
/// <remarks>
/// The engine's regression has another minimum: it standardises the features and fixes the penalty, and the published
/// baseline is fitted to the counts themselves, with a C of its own.
/// </remarks>
internal static class LogisticRegression
{
    private const int NewtonSteps = 50,
        GradientSteps = 60;
    private const double Tolerance = 1e-3;

    /// <returns>Weights [neuron] and intercept, which is not penalised.</returns>
    public static (float[] Weights, double Intercept) Fit(Trials trials, double c)
    {
        var (rows, mean) = Centred(trials);
        var (n, size) = (rows.Length, mean.Length + 1);
        // The last entry is the intercept of the centred data.
        var (w, gradient, hessian) = (new double[size], new double[size], new double[n]);
        var loss = Loss(rows, w, c);
        var first = double.NaN;
        for (var step = 0; step < NewtonSteps; step++)
        {
            Gradient(rows, w, c, gradient, hessian);
            var norm = Norm(gradient);
            if (double.IsNaN(first))
                first = norm;
            if (norm <= Tolerance * Math.Max(1, first))
                break;
            var direction = Solve(rows, hessian, gradient, c, Math.Min(0.1, Math.Sqrt(norm / first)) * norm);
            var (slope, length) = (-Dot(gradient, direction), 1.0);
            for (var tries = 0; ; tries++, length /= 2)
            {
                var next = new double[size];
                for (var i = 0; i < size; i++)
                    next[i] = w[i] - length * direction[i];
                var nextLoss = Loss(rows, next, c);
                if (nextLoss > loss + 1e-4 * length * slope && tries < 30)
                    continue;
                (w, loss) = (next, nextLoss);
                break;
            }
        }
        float[] weights = [.. w[..^1].Select(value => (float)value)];
        return (weights, w[^1] - TensorPrimitives.Dot<float>(weights, mean));
    }

    /// <summary>
    /// A common shift of the data changes only the intercept, and the problem is far better conditioned without it.
    /// </summary>
    private static (float[][] Rows, float[] Mean) Centred(Trials trials)
    {
        var mean = new float[trials.Neurons];
        foreach (var row in trials.Counts)
            TensorPrimitives.Add(mean, row, mean);
        TensorPrimitives.Divide(mean, trials.Count, mean);
        return (
            [
                .. trials.Counts.Select(row =>
                {
                    var centred = new float[row.Length];
                    TensorPrimitives.Subtract(row, mean, centred);
                    return centred;
                }),
            ],
            mean
        );
    }

    private static double Loss(float[][] rows, double[] w, double c)
    {
        var (weights, loss) = (Single(w), 0.0);
        for (var i = 0; i < w.Length - 1; i++)
            loss += w[i] * w[i] / 2;
        for (var t = 0; t < rows.Length; t++)
        {
            var margin = Sign(t) * (TensorPrimitives.Dot<float>(weights, rows[t]) + w[^1]);
            loss += c * (margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin);
        }
        return loss;
    }

    private static void Gradient(float[][] rows, double[] w, double c, double[] gradient, double[] hessian)
    {
        var (weights, sum, bias) = (Single(w), new float[w.Length - 1], 0.0);
        for (var t = 0; t < rows.Length; t++)
        {
            var margin = Sign(t) * (TensorPrimitives.Dot<float>(weights, rows[t]) + w[^1]);
            var wrong = 1 / (1 + Math.Exp(margin));
            hessian[t] = c * wrong * (1 - wrong);
            var factor = -c * Sign(t) * wrong;
            TensorPrimitives.MultiplyAdd(rows[t], (float)factor, sum, sum);
            bias += factor;
        }
        for (var i = 0; i < sum.Length; i++)
            gradient[i] = w[i] + sum[i];
        gradient[^1] = bias;
    }

    /// <summary>Conjugate gradients on the Hessian, which is never formed.</summary>
    private static double[] Solve(float[][] rows, double[] hessian, double[] right, double c, double accuracy)
    {
        var (x, r) = (new double[right.Length], (double[])right.Clone());
        var p = (double[])r.Clone();
        var rr = Dot(r, r);
        for (var step = 0; step < GradientSteps && Math.Sqrt(rr) > accuracy; step++)
        {
            var q = Times(rows, hessian, p, c);
            var alpha = rr / Dot(p, q);
            for (var i = 0; i < x.Length; i++)
            {
                x[i] += alpha * p[i];
                r[i] -= alpha * q[i];
            }
            var next = Dot(r, r);
            for (var i = 0; i < x.Length; i++)
                p[i] = r[i] + next / rr * p[i];
            rr = next;
        }
        return x;
    }

    private static double[] Times(float[][] rows, double[] hessian, double[] p, double c)
    {
        var (vector, sum, bias) = (Single(p), new float[p.Length - 1], 0.0);
        for (var t = 0; t < rows.Length; t++)
        {
            var factor = hessian[t] * (TensorPrimitives.Dot<float>(vector, rows[t]) + p[^1]);
            TensorPrimitives.MultiplyAdd(rows[t], (float)factor, sum, sum);
            bias += factor;
        }
        var result = new double[p.Length];
        for (var i = 0; i < sum.Length; i++)
            result[i] = p[i] + sum[i];
        // Separable classes leave the intercept without curvature.
        result[^1] = bias + 1e-9 * c * p[^1];
        return result;
    }

    private static float[] Single(double[] w)
    {
        var weights = new float[w.Length - 1];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (float)w[i];
        return weights;
    }

    private static int Sign(int trial) => Trials.IsFirst(trial) ? 1 : -1;

    private static double Dot(double[] a, double[] b) => TensorPrimitives.Dot<double>(a, b);

    private static double Norm(double[] a) => Math.Sqrt(Dot(a, a));
}
