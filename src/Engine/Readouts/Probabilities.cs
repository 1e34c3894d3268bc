namespace ComodCluster.Engine.Readouts;

/// <summary>Probabilities of logits in float64: a softmax of classes, a sigmoid of each attribute.</summary>
internal static class Probabilities
{
    /// <summary>Logits [K] become probabilities.</summary>
    public static void Of(Span<double> logits, bool exclusive)
    {
        if (!exclusive)
        {
            foreach (ref var x in logits)
                x = 1 / (1 + Math.Exp(-x));
            return;
        }
        double highest = double.NegativeInfinity,
            sum = 0;
        foreach (var x in logits)
            highest = Math.Max(highest, x);
        foreach (ref var x in logits)
            sum += x = Math.Exp(x - highest);
        foreach (ref var x in logits)
            x /= sum;
    }

    /// <summary>Negative log-likelihood of each image, of attributes its mean over them, nats.</summary>
    /// <param name="logits">[n, K]</param>
    public static double[] LossesOf(float[] logits, ReadoutTargets targets)
    {
        var (losses, k) = (new double[targets.Count], targets.Outputs);
        var row = new double[k];
        for (var i = 0; i < losses.Length; i++)
        {
            for (var o = 0; o < k; o++)
                row[o] = logits[i * k + o];
            Of(row, targets.Exclusive);
            for (var o = 0; o < k; o++)
                if (targets.Is(i, o))
                    losses[i] -= Math.Log(Math.Max(row[o], double.Epsilon));
                else if (!targets.Exclusive)
                    losses[i] -= Math.Log(Math.Max(1 - row[o], double.Epsilon));
            losses[i] /= targets.Exclusive ? 1 : k;
        }
        return losses;
    }
}
