namespace ComodCluster.Engine.Readouts;

/// <summary>
/// From scores to logits: <see cref="Factor"/> times the score, plus an offset for each output. The factor, an inverse
/// temperature (Guo et al. 2017), minimises the negative log-likelihood of scores of held-out images, which is convex
/// in it.
/// </summary>
/// <param name="Factor">Above 0.</param>
/// <param name="Offset">[K]: the logarithms of what the outputs are expected with, or 0.</param>
internal sealed record ScoreCalibration(double Factor, double[] Offset)
{
    private const double Widest = 1e4; // of the factor, against the inverse of the scores' own size
    private const int Iterations = 60;

    /// <summary>
    /// One more image, for which all answers are equally right, keeps the factor of a few scores that are all right
    /// from growing for ever (as Platt's targets do).
    /// </summary>
    /// <param name="scores">[n, K]</param>
    /// <param name="targets">Of the same images.</param>
    /// <param name="offset">[K]</param>
    public static ScoreCalibration Fit(float[] scores, ReadoutTargets targets, double[] offset)
    {
        var size = SizeOf(scores, targets);
        if (size == 0)
            return new(1, offset);
        double low = Math.Log(1 / size / Widest),
            high = Math.Log(1 / size * Widest);
        // The slope grows with the factor: halves of the bracket in its logarithm.
        for (var i = 0; i < Iterations && high - low > 1e-6; i++)
        {
            var middle = (low + high) / 2;
            if (SlopeOf(Math.Exp(middle), scores, targets, offset) < 0)
                low = middle;
            else
                high = middle;
        }
        return new(Math.Exp((low + high) / 2), offset);
    }

    /// <summary>Scores of root mean square 1, for want of held-out images.</summary>
    /// <inheritdoc cref="Fit"/>
    public static ScoreCalibration OfSizeOne(float[] scores, ReadoutTargets targets, double[] offset)
    {
        var size = SizeOf(scores, targets);
        return new(size == 0 ? 1 : 1 / size, offset);
    }

    /// <summary>Logits in the place of scores.</summary>
    /// <param name="scores">[n, K]</param>
    public float[] Logits(float[] scores) =>
        [.. scores.Select((s, at) => (float)(Factor * s + Offset[at % Offset.Length]))];

    // The root of the mean square of the scores less the mean over the classes.
    private static double SizeOf(float[] scores, ReadoutTargets targets)
    {
        var (sum, k) = (0.0, targets.Outputs);
        for (var i = 0; i < targets.Count; i++)
        {
            var row = scores.AsSpan(i * k, k);
            var mean = 0.0;
            if (targets.Exclusive)
                foreach (var s in row)
                    mean += s / k;
            foreach (var s in row)
                sum += (s - mean) * (s - mean);
        }
        return Math.Sqrt(sum / scores.Length);
    }

    // The sum over images and outputs of (probability - target) score, targets smoothed by the further image.
    private static double SlopeOf(double factor, float[] scores, ReadoutTargets targets, double[] offset)
    {
        int k = targets.Outputs,
            n = targets.Count;
        double smooth = 1.0 / (n + 1),
            uniform = targets.Exclusive ? 1.0 / k : 0.5,
            slope = 0;
        var logits = new double[k];
        for (var i = 0; i < n; i++)
        {
            for (var o = 0; o < k; o++)
                logits[o] = factor * scores[i * k + o] + offset[o];
            Probabilities.Of(logits, targets.Exclusive);
            for (var o = 0; o < k; o++)
                slope += (logits[o] - (1 - smooth) * (targets.Is(i, o) ? 1 : 0) - smooth * uniform) * scores[i * k + o];
        }
        return slope;
    }
}
