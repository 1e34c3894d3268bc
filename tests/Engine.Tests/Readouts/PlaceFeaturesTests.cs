using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Tests.Readouts;

/// <summary>Each kind against its formula in plain Python, by D x D and by n x n matrices.</summary>
public class PlaceFeaturesTests
{
    public static TheoryData<ReadoutKind, bool, int, int, double[]> Goldens { get; } =
        new()
        {
            { ReadoutKind.Lda, true, 18, 7, ClosedFormGoldens.NarrowDiscriminants },
            { ReadoutKind.Lda, true, 600, 5, ClosedFormGoldens.TallDiscriminants },
            { ReadoutKind.Lda, true, 12, 40, ClosedFormGoldens.WideDiscriminants },
            { ReadoutKind.Ridge, true, 18, 7, ClosedFormGoldens.NarrowSquares },
            { ReadoutKind.Ridge, true, 600, 5, ClosedFormGoldens.TallSquares },
            { ReadoutKind.Ridge, true, 12, 40, ClosedFormGoldens.WideSquares },
            { ReadoutKind.Lda, false, 18, 7, ClosedFormGoldens.NarrowAttributes },
            { ReadoutKind.Lda, false, 600, 5, ClosedFormGoldens.TallAttributes },
            { ReadoutKind.Lda, false, 12, 40, ClosedFormGoldens.WideAttributes },
        };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Goldens), DisableDiscoveryEnumeration = true)]
    public void Fit_OfAKind_IsItsFormula(ReadoutKind kind, bool exclusive, int count, int width, double[] expected)
    {
        var values = Values(count, width);
        var targets = exclusive
            ? Classes(count)
            : ReadoutTargets.OfAttributes(
                [.. Enumerable.Range(0, count).Select(i => new[] { i % 2 == 1, i % 5 == 0 })],
                2
            );

        var fitted = Features(values, width).Fit(kind, [.. Enumerable.Range(0, count)], targets, Cancel);

        for (var at = 0; at < expected.Length; at++)
        {
            var (i, k) = (at / fitted.Outputs, at % fitted.Outputs);
            var score = fitted.Bias[k];
            for (var j = 0; j < width; j++)
                score += fitted.Weight[k * width + j] * (values[i * width + j] - fitted.Mean[j]);
            Assert.Equal(expected[at], score, 1e-9 * Math.Max(1, Math.Abs(expected[at])));
        }
    }

    /// <summary>At its minimum the gradient of mean loss and penalty is 0, in standardised features.</summary>
    [Theory]
    [InlineData(40, 7)]
    [InlineData(300, 7)]
    [InlineData(12, 40)]
    public void Fit_OfLogisticRegression_IsAtTheMinimum(int count, int width)
    {
        var features = Features(Values(count, width), width);
        var targets = Classes(count);
        var fitted = features.Fit(ReadoutKind.Logistic, [.. Enumerable.Range(0, count)], targets, Cancel);
        var (slope, slopeOfBias) = (new double[3 * width], new double[3]);
        var x = new float[width];
        for (var i = 0; i < count; i++)
        {
            features.Read(i, x);
            double[] z = [.. x.Select((v, j) => (v - features.Scale.Mean[j]) * features.Scale.Factor[j])];
            double[] p =
            [
                .. Enumerable.Range(0, 3).Select(k => fitted.Bias[k] + z.Select((v, j) => v * Weight(k, j)).Sum()),
            ];
            Probabilities.Of(p, exclusive: true);
            for (var k = 0; k < 3; k++)
            {
                var error = (p[k] - (targets.Is(i, k) ? 1 : 0)) / count;
                slopeOfBias[k] += error;
                for (var j = 0; j < width; j++)
                    slope[k * width + j] += error * z[j];
            }
        }
        Assert.All(slopeOfBias, s => Assert.Equal(0, s, 1e-3));
        for (var k = 0; k < 3; k++)
        for (var j = 0; j < width; j++)
            Assert.Equal(-0.03 * Weight(k, j), slope[k * width + j], 1e-3);

        double Weight(int k, int j) => fitted.Weight[k * width + j] / features.Scale.Factor[j];
    }

    private static float[] Values(int count, int width) =>
        [
            .. from i in Enumerable.Range(0, count)
            from j in Enumerable.Range(0, width)
            select (i * 37 + j * 101 + i * j * 13) % 64 / 16f + i % 3 * (j % 2) / 4f,
        ];

    private static ReadoutTargets Classes(int count) =>
        ReadoutTargets.OfClasses([.. Enumerable.Range(0, count - 1).Select(i => i % 3), 0], 3);

    private static PlaceFeatures Features(float[] values, int width)
    {
        FeatureReader read = (i, features) => values.AsSpan(i * width, width).CopyTo(features);
        return new(width, read, Standardisation.Of(values.Length / width, width, read));
    }
}
