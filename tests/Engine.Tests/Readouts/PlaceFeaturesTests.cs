using ComodCluster.Engine.Readouts;

namespace ComodCluster.Engine.Tests.Readouts;

/// <summary>Each kind against its formula in plain Python, by D x D and by n x n matrices.</summary>
public class PlaceFeaturesTests
{
    public static TheoryData<ReadoutKind, bool, int, int, double[]> Goldens { get; } =
        new()
        {
            { ReadoutKind.Lda, true, 18, 7, ClosedFormGoldens.NarrowDiscriminants },
            { ReadoutKind.Lda, true, 12, 40, ClosedFormGoldens.WideDiscriminants },
            { ReadoutKind.Ridge, true, 18, 7, ClosedFormGoldens.NarrowSquares },
            { ReadoutKind.Ridge, true, 12, 40, ClosedFormGoldens.WideSquares },
            { ReadoutKind.Lda, false, 18, 7, ClosedFormGoldens.NarrowAttributes },
            { ReadoutKind.Lda, false, 12, 40, ClosedFormGoldens.WideAttributes },
        };

    [Theory, MemberData(nameof(Goldens), DisableDiscoveryEnumeration = true)]
    public void Fit_OfAKind_IsItsFormula(ReadoutKind kind, bool exclusive, int count, int width, double[] expected)
    {
        float[] values =
        [
            .. from i in Enumerable.Range(0, count)
            from j in Enumerable.Range(0, width)
            select (i * 37 + j * 101 + i * j * 13) % 64 / 16f + i % 3 * (j % 2) / 4f,
        ];
        var targets = exclusive
            ? ReadoutTargets.OfClasses([.. Enumerable.Range(0, count - 1).Select(i => i % 3), 0], 3)
            : ReadoutTargets.OfAttributes(
                [.. Enumerable.Range(0, count).Select(i => new[] { i % 2 == 1, i % 5 == 0 })],
                2
            );

        var fitted = new PlaceFeatures(values, width).Fit(kind, [.. Enumerable.Range(0, count)], targets);

        for (var at = 0; at < expected.Length; at++)
        {
            var (i, k) = (at / fitted.Outputs, at % fitted.Outputs);
            var score = fitted.Bias[k];
            for (var j = 0; j < width; j++)
                score += fitted.Weight[k * width + j] * (values[i * width + j] - fitted.Mean[j]);
            Assert.Equal(expected[at], score, 1e-9 * Math.Max(1, Math.Abs(expected[at])));
        }
    }
}
