using System.Numerics.Tensors;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>Readouts on the host, in float64.</summary>
public static class ReadoutRows
{
    private const double Least = 1e-8;

    // Nats of an image whose activations overflowed: any other loss is better.
    private const double Lost = 1e6;

    /// <param name="features">[n, D]</param>
    /// <param name="row">Which of them.</param>
    /// <param name="target">[K]</param>
    public static TrialOutcome Outcome(
        float[,] features,
        int row,
        FittedReadout readout,
        float[] target,
        ReadoutLoss loss
    )
    {
        var logits = Logits(features, row, readout);
        if (!logits.All(double.IsFinite))
            return new TrialOutcome(Lost, 0, 0);
        return Outcome(logits, target, loss);
    }

    /// <param name="logits">[K]</param>
    /// <param name="target">[K]</param>
    public static TrialOutcome Outcome(double[] logits, float[] target, ReadoutLoss loss) =>
        loss.OneIsRight ? OfClasses(logits, target) : OfAttributes(logits, target);

    /// <summary>[K]</summary>
    public static double[] Logits(float[,] features, int row, FittedReadout readout)
    {
        var width = features.GetLength(1);
        var d = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref features[row, 0], width);
        var logits = new double[readout.Bias.Length];
        for (var k = 0; k < logits.Length; k++)
            logits[k] = TensorPrimitives.Dot(d, readout.Weight.AsSpan(k * width, width)) + readout.Bias[k];
        return logits;
    }

    /// <summary>Each row under the readout of its fold, which has not seen it.</summary>
    /// <param name="folds">Places of the rows.</param>
    /// <param name="readouts">One per fold.</param>
    /// <returns>By place; rows in no fold are default.</returns>
    public static TrialOutcome[] Outcomes(
        float[,] features,
        IReadOnlyList<int[]> folds,
        IReadOnlyList<FittedReadout> readouts,
        IReadOnlyList<float[]> targets,
        ReadoutLoss loss
    )
    {
        var outcomes = new TrialOutcome[features.GetLength(0)];
        for (var k = 0; k < folds.Count; k++)
            foreach (var i in folds[k])
                outcomes[i] = Outcome(features, i, readouts[k], targets[i], loss);
        return outcomes;
    }

    private static TrialOutcome OfClasses(double[] logits, float[] target)
    {
        var right = Array.IndexOf(target, 1f);
        double highest = logits.Max(),
            sum = logits.Sum(l => Math.Exp(l - highest));
        double[] p = [.. logits.Select(l => Math.Exp(l - highest) / sum)];
        var error = p.Select((v, k) => Math.Pow(v - target[k], 2)).Sum();
        return new TrialOutcome(
            Math.Log(sum) + highest - logits[right],
            Array.IndexOf(logits, highest) == right ? 1 : 0,
            Math.Max(1 - p.Sum(v => v * v), Least) / Math.Max(error, Least)
        );
    }

    private static TrialOutcome OfAttributes(double[] logits, float[] target)
    {
        double loss = 0,
            right = 0,
            variance = 0,
            error = 0;
        for (var k = 0; k < logits.Length; k++)
        {
            var p = 1 / (1 + Math.Exp(-logits[k]));
            loss += Math.Max(logits[k], 0) + Math.Log(1 + Math.Exp(-Math.Abs(logits[k]))) - logits[k] * target[k];
            right += (p >= 0.5) == (target[k] == 1) ? 1 : 0;
            variance += p * (1 - p);
            error += (p - target[k]) * (p - target[k]);
        }
        // The loss is a mean over K attributes: its curvature has one 1/K, the outer product of its gradient two.
        return new TrialOutcome(
            loss / logits.Length,
            right / logits.Length,
            logits.Length * Math.Max(variance, Least) / Math.Max(error, Least)
        );
    }
}
