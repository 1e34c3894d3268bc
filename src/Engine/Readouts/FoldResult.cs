namespace ComodCluster.Engine.Readouts;

/// <summary>How a kind of readout at a place answered for images that it was not fitted to.</summary>
/// <param name="Scores">[n, K] of the held-out images, from stored numbers.</param>
/// <param name="Calibration">Of these scores.</param>
/// <param name="Errors">Of each image: 1 or 0; of attributes shares whose mean is the balanced error.</param>
/// <param name="Losses">Negative log-likelihood of each image by the calibrated scores, nats.</param>
internal sealed record FoldResult(
    ReadoutPlace Place,
    ReadoutKind Kind,
    float[] Scores,
    ScoreCalibration Calibration,
    double[] Errors,
    double[] Losses
)
{
    public double Error { get; } = Errors.Average();

    public double Loss { get; } = Losses.Average();

    public static FoldResult Of(
        ReadoutPlace place,
        ReadoutKind kind,
        float[] scores,
        ReadoutTargets targets,
        double[] offset
    )
    {
        var calibration = ScoreCalibration.Fit(scores, targets, offset);
        var logits = calibration.Logits(scores);
        return new(
            place,
            kind,
            scores,
            calibration,
            targets.Exclusive ? OfClasses(logits, targets) : Balanced(scores, targets),
            Probabilities.LossesOf(logits, targets)
        );
    }

    private static double[] OfClasses(float[] logits, ReadoutTargets targets)
    {
        var errors = new double[targets.Count];
        for (var i = 0; i < errors.Length; i++)
        {
            var row = logits.AsSpan(i * targets.Outputs, targets.Outputs);
            var best = 0;
            for (var k = 1; k < row.Length; k++)
                if (row[k] > row[best])
                    best = k;
            errors[i] = targets.Is(i, best) ? 0 : 1;
        }
        return errors;
    }

    // Both sides of an attribute count alike, and all attributes that have both.
    private static double[] Balanced(float[] scores, ReadoutTargets targets)
    {
        var ones = targets.Ones();
        int n = targets.Count,
            told = ones.Count(o => o > 0 && o < n);
        var errors = new double[n];
        for (var i = 0; i < n; i++)
        for (var k = 0; k < targets.Outputs; k++)
            if (ones[k] > 0 && ones[k] < n && scores[i * targets.Outputs + k] > 0 != targets.Is(i, k))
                errors[i] += 0.5 * n / (targets.Is(i, k) ? ones[k] : n - ones[k]) / told;
        return errors;
    }
}
