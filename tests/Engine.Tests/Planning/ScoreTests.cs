using ComodCluster.Engine.Data;
using ComodCluster.Engine.Planning;

namespace ComodCluster.Engine.Tests.Planning;

public class ScoreTests
{
    private const int Rows = 14;

    [Theory]
    [InlineData(3)]
    [InlineData(13)]
    [InlineData(40)]
    public void LogMe_AnyWidth_IsTheGreatestEvidenceThatADirectSearchFinds(int width)
    {
        var (features, y) = (Features(width), Labels());
        var score = LogMe.Score(FeatureSpectrum.Of(features), [.. y.Select(v => new[] { v })]);

        // log N(H y; 0, I / beta + (H F)(H F)' / alpha), H an orthonormal basis of what is orthogonal to the constant.
        var contrasts = Contrasts();
        var x = Times(contrasts, Doubles(features));
        var target = contrasts.Select(row => row.Zip(y, (h, v) => h * v).Sum()).ToArray();
        var best = double.NegativeInfinity;
        for (var logAlpha = -12.0; logAlpha <= 16; logAlpha += 0.25)
        for (var logBeta = -4.0; logBeta <= 10; logBeta += 0.05)
            best = Math.Max(best, Density(x, target, Math.Exp(logAlpha), Math.Exp(logBeta)) / (Rows - 1));
        // The grid cannot find more than the maximum, and with these steps hardly less.
        Assert.InRange(score - best, -1e-9, 2e-3);
    }

    [Fact]
    public void LogMe_FeaturesThatKnowTheLabel_BeatsNoise()
    {
        var y = Labels();
        var knowing = Features(3);
        for (var i = 0; i < Rows; i++)
            knowing[i, 1] = y[i] + 0.1f * knowing[i, 1];
        Assert.True(Score(knowing) > Score(Features(3)) + 0.5);

        double Score(float[,] f) => LogMe.Score(FeatureSpectrum.Of(f), [.. y.Select(v => new[] { v, 1 - v })]);
    }

    [Fact]
    public void LogMe_ConstantColumn_IsLeftOut()
    {
        var spectrum = FeatureSpectrum.Of(Features(3));
        var y = Labels();
        Assert.Equal(
            LogMe.Score(spectrum, [.. y.Select(v => new[] { v })]),
            LogMe.Score(spectrum, [.. y.Select(v => new[] { v, 1f })]),
            1e-12
        );
        Assert.Equal(0, LogMe.Score(spectrum, [.. y.Select(_ => new[] { 1f })]));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Scores_ShiftedRotatedAndScaledFeatures_StayTheSame(int width)
    {
        var features = Features(width);
        var moved = new float[Rows, width];
        // A rotation by the angle 0.7 of neighbouring features, a factor of 5 and a shift of each.
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < width; j++)
        {
            var other = j % 2 == 0 ? j + 1 : j - 1;
            var value =
                other >= width
                    ? features[i, j]
                    : Math.Cos(0.7) * features[i, j] + (j % 2 == 0 ? -1 : 1) * Math.Sin(0.7) * features[i, other];
            moved[i, j] = (float)(5 * value + 3 * j);
        }
        float[][] targets = [.. Labels().Select(v => new[] { v, 1 - v })];
        var (plain, turned) = (FeatureSpectrum.Of(features), FeatureSpectrum.Of(moved));
        Assert.Equal(LogMe.Score(plain, targets), LogMe.Score(turned, targets), 1e-4);
        Assert.Equal(HScore.Score(plain, targets, true), HScore.Score(turned, targets, true), 1e-4);
    }

    [Fact]
    public void HScore_OneFeature_IsTheShareOfVarianceBetweenTheClasses()
    {
        // With a single feature the identity is the covariance: nothing is shrunk away but the class means' own factor.
        float[,] features =
        {
            { 0 },
            { 1 },
            { 4 },
            { 7 },
        };
        float[][] targets =
        [
            [1, 0],
            [1, 0],
            [0, 1],
            [0, 1],
        ];
        var spectrum = FeatureSpectrum.Of(features);
        // Means 0.5 and 5.5 around 3: 6.25 between, 7.5 in all.
        Assert.Equal(1, HScore.Shrinkage(spectrum));
        Assert.Equal(0, HScore.Score(spectrum, targets, true), 1e-12);
    }

    [Fact]
    public void HScore_TwoFeatures_ShrinksByLedoitAndWolf()
    {
        float[,] features =
        {
            { 3, 1 },
            { 1, -1 },
            { -1, 1 },
            { -3, -1 },
        };
        float[][] targets =
        [
            [1, 0],
            [1, 0],
            [0, 1],
            [0, 1],
        ];
        var spectrum = FeatureSpectrum.Of(features);
        // S = [[5, 1], [1, 1]], mean variance 3; |S - 3 I|^2 = 4 + 1 + 1 + 4 = 10; squared norms 10, 2, 2, 10; error
        // (208 - 4 * 28) / 16 = 6.
        Assert.Equal(0.6, HScore.Shrinkage(spectrum), 1e-12);
        // Shrunk: [[3.8, 0.4], [0.4, 2.2]]; class means +-(2, 0), between [[4, 0], [0, 0]]; inverse at (0, 0): 2.2 /
        // 8.2.
        Assert.Equal(0.4 * 4 * 2.2 / 8.2, HScore.Score(spectrum, targets, true), 1e-9);
        // Two attributes, of which the second is the first's complement, say the same.
        Assert.Equal(0.4 * 4 * 2.2 / 8.2, HScore.Score(spectrum, targets, false), 1e-9);
    }

    private static float[,] Features(int width)
    {
        var features = new float[Rows, width];
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < width; j++)
            features[i, j] = (float)((1 + j % 3) * CounterRandom.Normal(5, (ulong)j, (ulong)i));
        return features;
    }

    private static float[] Labels() =>
        [
            .. Enumerable
                .Range(0, Rows)
                .Select(i => CounterRandom.Normal(5, 0, (ulong)i) + CounterRandom.Normal(6, 0, (ulong)i) > 0 ? 1f : 0),
        ];

    /// <summary>Helmert's, [n - 1][n].</summary>
    private static double[][] Contrasts() =>
        [
            .. Enumerable
                .Range(1, Rows - 1)
                .Select(k =>
                    Enumerable
                        .Range(0, Rows)
                        .Select(i =>
                            (
                                i < k ? 1.0
                                : i == k ? -k
                                : 0
                            ) / Math.Sqrt(k * (k + 1.0))
                        )
                        .ToArray()
                ),
        ];

    private static double[][] Doubles(float[,] values) =>
        [
            .. Enumerable
                .Range(0, values.GetLength(0))
                .Select(i => Enumerable.Range(0, values.GetLength(1)).Select(j => (double)values[i, j]).ToArray()),
        ];

    private static double[][] Times(double[][] a, double[][] b) =>
        [
            .. a.Select(row =>
                Enumerable.Range(0, b[0].Length).Select(j => row.Select((v, i) => v * b[i][j]).Sum()).ToArray()
            ),
        ];

    /// <summary>By Cholesky's decomposition of the covariance.</summary>
    private static double Density(double[][] x, double[] y, double alpha, double beta)
    {
        var n = y.Length;
        var l = new double[n, n];
        double determinant = 0,
            quadratic = 0;
        var z = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var value = x[i].Zip(x[j], (p, q) => p * q).Sum() / alpha + (i == j ? 1 / beta : 0);
                for (var k = 0; k < j; k++)
                    value -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Math.Sqrt(value) : value / l[j, j];
            }
            determinant += 2 * Math.Log(l[i, i]);
            var rest = y[i];
            for (var k = 0; k < i; k++)
                rest -= l[i, k] * z[k];
            z[i] = rest / l[i, i];
            quadratic += z[i] * z[i];
        }
        return -(n * Math.Log(2 * Math.PI) + determinant + quadratic) / 2;
    }
}
