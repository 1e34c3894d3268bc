using ComodCluster.Engine.Native;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tasks;

/// <summary>
/// L2-regularised logistic regression on standardised features by L-BFGS in float64: softmax for classes, independent
/// sigmoids for attributes.
/// </summary>
public static class LogisticRegression
{
    /// <summary>Weight of |w|^2 / 2 in units of standardised, scaled features.</summary>
    public const double L2 = 3e-2;

    private static readonly Scalar SmallestDeviation = LibTorch.ScalarOf(1e-3);

    /// <param name="features">[n, D]</param>
    /// <param name="targets">[n, K]: one-hot, or 0 and 1 per attribute.</param>
    /// <param name="loss">Softmax or sigmoids.</param>
    /// <param name="scale">[D]: each feature's prior standard deviation (sqrt(g)), or [K, D]: each weight's; null:
    /// 1.</param>
    public static FittedReadout Fit(Tensor features, Tensor targets, ReadoutLoss loss, float[]? scale = null)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var f = features.to(ScalarType.Float64).cpu();
        var t = targets.to(ScalarType.Float64).cpu();
        long n = f.shape[0],
            width = f.shape[1],
            outputs = t.shape[1];
        var mean = f.mean([0]); // [D]
        var perWeight = scale is not null && scale.Length > width;
        var prior = perWeight ? tensor(scale!, outputs, width).to(ScalarType.Float64) : null; // [K, D]
        var factor =
            (scale is null || perWeight ? ones(width, ScalarType.Float64) : tensor(scale).to(ScalarType.Float64))
            / (f.std(0, unbiased: n > 1) + SmallestDeviation);
        var x = (f - mean) * factor; // [n, D]
        var w = Minimise(x, t, loss, prior, (int)outputs, (int)width);
        var weight = Scaled(w.narrow(1, 0, width), prior) * factor; // [K, D]
        var bias = w.select(1, width) - (weight * mean).sum(1); // [K]
        return new FittedReadout(
            weight.to(ScalarType.Float32).data<float>().ToArray(),
            bias.to(ScalarType.Float32).data<float>().ToArray()
        );
    }

    private static Tensor Scaled(Tensor w, Tensor? prior) => prior is null ? w : w * prior;

    private static Tensor Minimise(Tensor x, Tensor t, ReadoutLoss loss, Tensor? prior, int outputs, int width)
    {
        var n = x.shape[0];
        using Scalar terms = (n * loss.Share(outputs)).ToScalar(),
            penalty = L2.ToScalar(),
            half = (L2 / 2).ToScalar();
        var objective = ObjectiveFunction.Gradient(p =>
        {
            using var inner = NewDisposeScope();
            var all = tensor(p.AsArray() ?? p.ToArray(), outputs, width + 1); // [K, D + 1]
            var w = all.narrow(1, 0, width);
            var logits = x.matmul(Scaled(w, prior).t()) + all.select(1, width); // [n, K]
            var (sum, slope) = loss.SumAndGradient(logits, t);
            Tensor value = sum / terms,
                error = slope / terms;
            value = value + (w * w).sum().mul(half);
            // [K, D + 1]
            var gradient = cat([Scaled(error.t().matmul(x), prior) + w.mul(penalty), error.sum([0]).unsqueeze(1)], 1);
            return (value.item<double>(), Vector<double>.Build.Dense(gradient.contiguous().data<double>().ToArray()));
        });
        var start = Vector<double>.Build.Dense(outputs * (width + 1));
        Vector<double> best;
        try
        {
            best = new LimitedMemoryBfgsMinimizer(1e-6, 1e-9, 1e-9, 10, 200)
                .FindMinimum(objective, start)
                .MinimizingPoint;
        }
        catch (OptimizationException)
        {
            // The line search gives up where rounding hides any further decrease: the last point is the minimum to
            // working precision.
            best = objective.Point;
        }
        return tensor(best.ToArray(), outputs, width + 1);
    }
}
