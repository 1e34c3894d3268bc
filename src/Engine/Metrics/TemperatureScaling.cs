using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Metrics;

/// <summary>One number that makes probabilities as confident as they are right; it changes no decision.</summary>
public static class TemperatureScaling
{
    /// <summary>Bounds of the temperature: a few images that are all right would ask for 0.</summary>
    public const double Least = 0.1,
        Most = 10;

    // One number needs no more, and the device waits for it.
    private const int MostImages = 1_000;
    private const int Iterations = 30; // of the golden section: the bracket ends 5e-7 times as wide

    /// <summary>
    /// The temperature that minimises the mean negative log-likelihood, which is convex in its inverse.
    /// </summary>
    /// <param name="probabilities">Per image [K]; at most 1,000 images are used, evenly spaced.</param>
    /// <param name="targets">Per image [K]: one-hot, or 0 and 1 per attribute.</param>
    /// <param name="loss">Classes or attributes.</param>
    public static double Fit(IReadOnlyList<float[]> probabilities, IReadOnlyList<float[]> targets, ReadoutLoss loss)
    {
        var every = (probabilities.Count + MostImages - 1) / MostImages;
        var used = probabilities.Zip(targets).Where((_, i) => i % every == 0).ToArray();
        double Loss(double logTemperature) =>
            used.Sum(image => loss.Sum(Apply(image.First, Math.Exp(logTemperature), loss), image.Second, 1e-300));
        double low = Math.Log(Least),
            high = Math.Log(Most),
            golden = (Math.Sqrt(5) - 1) / 2;
        double left = high - golden * (high - low),
            right = low + golden * (high - low);
        var (atLeft, atRight) = (Loss(left), Loss(right));
        for (var i = 0; i < Iterations; i++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - golden * (high - low);
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + golden * (high - low);
                atRight = Loss(right);
            }
        }
        return Math.Exp((low + high) / 2);
    }

    /// <summary>Probabilities [K] of the same logits divided by the temperature.</summary>
    public static double[] Apply(float[] probabilities, double temperature, ReadoutLoss loss)
    {
        var logits = probabilities.Select(p => loss.Logit(p) / temperature).ToArray();
        loss.Probabilities(logits.AsSpan());
        return logits;
    }
}
