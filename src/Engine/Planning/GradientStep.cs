using ComodCluster.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// A damped Gauss-Newton step from each image's own gradient, cross-validated: delta = -(F + lambda)^-1 mean(g), F =
/// mean(w g g'), and on a held-out image the loss falls by
/// -g'delta - w (g'delta)^2 / 2. All of it from one forward and one backward pass, since at c = 0 an image's gradient
/// with respect to the couplings of a cut is the sum of activation
/// times the loss's gradient there.
/// </summary>
public static class GradientStep
{
    // Shares of the mean eigenvalue, so that they suit losses and networks of any scale. One is chosen by the images
    // that it is scored on, which makes the promise a little too good.
    private static readonly double[] Dampings = [0.01, 0.1, 1, 10, 100];

    /// <param name="gradients">[n, P]</param>
    /// <param name="curvature">w, [n]</param>
    /// <param name="folds">Places of the rows.</param>
    /// <param name="penalty">Weight of |c|^2 in the loss.</param>
    /// <param name="cap">Bound of each coupling.</param>
    public static StepSignal Of(
        float[,] gradients,
        IReadOnlyList<double> curvature,
        IReadOnlyList<int[]> folds,
        double penalty,
        double cap
    )
    {
        var found = Dampings.Select(_ => (Decreases: new List<double>(), Steps: new List<float[]>())).ToArray();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        // [n, P]; an image whose activations overflow says nothing
        var all = tensor(gradients).to(ScalarType.Float64).nan_to_num(0, 0, 0);
        var w = tensor(curvature.ToArray()); // [n]
        using Scalar highest = cap.ToScalar(),
            lowest = (-cap).ToScalar();
        foreach (var fold in folds)
        {
            using var inner = NewDisposeScope();
            Tensor others = Places(folds.Where(f => f != fold).SelectMany(f => f)),
                held = Places(fold);
            var train = all.index_select(0, others); // [t, P]
            var mean = train.mean([0]); // [P]
            using var count = others.shape[0].ToScalar();
            var b = train * (w.index_select(0, others) / count).sqrt().unsqueeze(1); // F = b'b
            // [t], [t, t]: the smaller side where couplings outnumber images
            var (values, vectors) = linalg.eigh(b.matmul(b.t()));
            var projected = vectors.t().matmul(b.matmul(mean)); // [t]
            var scale = values.sum().item<double>() / Math.Min(gradients.GetLength(1), others.shape[0]);
            var tests = all.index_select(0, held);
            var weights = w.index_select(0, held);
            for (var i = 0; i < Dampings.Length; i++)
            {
                // The penalty's own curvature; its gradient is 0 at c = 0.
                using var lambda = (2 * penalty + Math.Max(Dampings[i] * scale, 1e-12)).ToScalar();
                // (b'b + lambda)^-1 m = (m - b'(bb' + lambda)^-1 b m) / lambda
                var step = -(
                    (mean - b.t().matmul(vectors.matmul(projected / (values.clamp_min(Scalars.Zero) + lambda))))
                    / lambda
                ).clamp(lowest, highest); // [P]
                var slope = tests.matmul(step); // [h]
                found[i].Decreases.AddRange((-slope - weights * slope * slope / Scalars.Two).data<double>().ToArray());
                found[i].Steps.Add(step.to(ScalarType.Float32).data<float>().ToArray());
            }
        }
        var best = Enumerable.Range(0, Dampings.Length).MaxBy(i => found[i].Decreases.Average());
        var decreases = found[best].Decreases;
        var average = decreases.Average();
        var error = Math.Sqrt(
            decreases.Sum(d => (d - average) * (d - average)) / Math.Max(1, decreases.Count - 1) / decreases.Count
        );
        return new StepSignal(average, error, Dampings[best], found[best].Steps);
    }

    private static Tensor Places(IEnumerable<int> rows) => tensor(rows.Select(r => (long)r).ToArray());
}
