using ComodCluster.Engine.Data;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Tasks;

public class LogisticRegressionTests
{
    private const int Images = 40,
        Units = 6,
        Classes = 3;

    [Fact]
    public void Fit_WithAPriorOfEachWeight_IsOptimalForThePenalisedLoss()
    {
        var (features, labels) = Data();
        float[] scale = [.. Enumerable.Range(0, Classes * Units).Select(i => 0.2f + 0.15f * (i * 7 % 11))];

        var fitted = Fit(features, labels, scale);

        // d/dW_kj of mean cross-entropy + L2 / 2 sum (W_kj sd_j / s_kj)^2 is 0 everywhere, as d/db_k is.
        var residuals = features
            .Select(
                (row, i) =>
                {
                    var logits = Enumerable
                        .Range(0, Classes)
                        .Select(k =>
                            fitted.Bias[k]
                            + Enumerable.Range(0, Units).Sum(j => (double)fitted.Weight[k * Units + j] * row[j])
                        )
                        .ToArray();
                    var sum = logits.Sum(Math.Exp);
                    return logits.Select((z, k) => Math.Exp(z) / sum - (labels[i] == k ? 1 : 0)).ToArray();
                }
            )
            .ToArray();
        for (var k = 0; k < Classes; k++)
        {
            Assert.Equal(0, residuals.Average(r => r[k]), 1e-5);
            for (var j = 0; j < Units; j++)
            {
                var mean = features.Average(f => f[j]);
                var deviation = Math.Sqrt(features.Sum(f => (f[j] - mean) * (f[j] - mean)) / (Images - 1)) + 1e-3;
                var (s, w) = (scale[k * Units + j], fitted.Weight[k * Units + j]);
                // In units of the standardised, scaled weight, as the minimiser sees it. The mean of the features drops
                // out with the bias's own condition.
                var slope =
                    residuals.Select((r, i) => r[k] * (features[i][j] - mean)).Average() * s / deviation
                    + LogisticRegression.L2 * w * deviation / s;
                Assert.Equal(0, slope, 1e-5);
            }
        }
    }

    [Fact]
    public void Fit_WithTheSamePriorForEveryClass_IsTheFitWithScaledFeatures()
    {
        var (features, labels) = Data();
        float[] scale = [0.2f, 2, 1, 0.5f, 1.5f, 0.1f];

        var (expected, fitted, plain) = (
            Fit(features, labels, scale),
            Fit(features, labels, [.. scale, .. scale, .. scale]),
            Fit(features, labels, null)
        );

        for (var i = 0; i < expected.Weight.Length; i++)
            Assert.Equal(expected.Weight[i], fitted.Weight[i], 1e-3);
        Assert.Contains(plain.Weight.Zip(expected.Weight), p => Math.Abs(p.First - p.Second) > 0.1);
    }

    private static FittedReadout Fit(double[][] features, int[] labels, float[]? scale) =>
        LogisticRegression.Fit(
            tensor([.. features.SelectMany(f => f)], [Images, Units]),
            tensor(
                [.. labels.SelectMany(l => Enumerable.Range(0, Classes).Select(k => k == l ? 1f : 0))],
                [Images, Classes]
            ),
            ReadoutLoss.Classes,
            scale
        );

    /// <summary>Classes that overlap, units of different sizes.</summary>
    private static (double[][] Features, int[] Labels) Data()
    {
        int[] labels = [.. Enumerable.Range(0, Images).Select(i => i % Classes)];
        return (
            [
                .. labels.Select(
                    (label, i) =>
                        Enumerable
                            .Range(0, Units)
                            .Select(j =>
                                (1 + j)
                                    * (
                                        CounterRandom.Normal(5, 1, (ulong)(i * Units + j))
                                        + (j % Classes == label ? 1 : 0)
                                    )
                                + 2
                            )
                            .ToArray()
                ),
            ],
            labels
        );
    }
}
