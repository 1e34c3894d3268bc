using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Statistics;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;

namespace ComodCluster.Engine.Tests.Planning;

public class PlanPartsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void GradientStep_OneCoordinateAndEqualGradients_IsTheDampedNewtonStep()
    {
        var gradients = new float[8, 1];
        for (var i = 0; i < 8; i++)
            gradients[i, 0] = 2;
        var signal = GradientStep.Of(
            gradients,
            [.. Enumerable.Repeat(1.0, 8)],
            [
                [0, 1, 2, 3],
                [4, 5, 6, 7],
            ],
            penalty: 0,
            cap: 3
        );
        // F = 4, damped by a hundredth of itself; g'delta = -4 / 4.04.
        const double Share = 4 / 4.04;
        Assert.Equal(0.01, signal.Damping);
        Assert.All(signal.Steps, s => Assert.Equal(-2 / 4.04, s[0], 1e-6));
        Assert.Equal(Share - Share * Share / 2, signal.Decrease, 1e-6);
        Assert.Equal(0, signal.StandardError, 1e-9);
    }

    [Fact]
    public void GradientStep_TwoCoordinates_SolvesTheSystem()
    {
        float[,] gradients =
        {
            { 1, 0 },
            { 3, 1 },
            { 1, 2 },
            { 2, -1 },
            { 2, 2 },
            { 0, 1 },
        };
        double[] w = [1, 0.5, 2, 1, 1, 0.25];
        var signal = GradientStep.Of(
            gradients,
            w,
            [
                [0, 1, 2],
                [3, 4, 5],
            ],
            penalty: 0.1,
            cap: 100
        );
        // The first fold's step comes from rows 3 to 5: mean (4/3, 2/3), F = (4 + 4, -2 + 4; 4 + 1 + 0.0625 * 4) / 3 =
        // (8, 2; 2, 5.25) / 3, lambda = 0.2 + damping (13.25 / 3) / 2.
        double lambda = 0.2 + signal.Damping * 13.25 / 6,
            a = 8 / 3.0 + lambda,
            b = 2 / 3.0,
            d = 5.25 / 3 + lambda,
            determinant = a * d - b * b;
        Assert.Equal(-(d * 4 / 3 - b * 2 / 3) / determinant, signal.Steps[0][0], 1e-5);
        Assert.Equal(-(a * 2 / 3 - b * 4 / 3) / determinant, signal.Steps[0][1], 1e-5);
    }

    [Fact]
    public void GradientStep_Noise_PromisesNextToNothing()
    {
        var gradients = new float[60, 30];
        for (var i = 0; i < 60; i++)
        for (var j = 0; j < 30; j++)
            gradients[i, j] = (float)CounterRandom.Normal(3, (ulong)j, (ulong)i);
        var signal = GradientStep.Of(gradients, [.. Enumerable.Repeat(1.0, 60)], Folds(60), penalty: 1e-3, cap: 3);
        Assert.InRange(signal.Decrease, -0.05, 0.05);
        Assert.All(
            GradientStep.Of(gradients, [.. Enumerable.Repeat(1e-9, 60)], Folds(60), 0, cap: 0.5).Steps,
            s => Assert.All(s, c => Assert.InRange(c, -0.5f, 0.5f))
        );
    }

    [Fact]
    public void Outcome_TwoClasses_LossAndCurvatureOfTheProbability()
    {
        // Logits 1 and 0: p = 0.731.
        var p = 1 / (1 + Math.Exp(-1));
        var outcome = ReadoutRows.Outcome(
            new float[,]
            {
                { 1 },
            },
            0,
            new FittedReadout([1, 0], [0, 0]),
            [0, 1],
            ReadoutLoss.Classes
        );
        Assert.Equal(-Math.Log(1 - p), outcome.Loss, 1e-9);
        Assert.Equal(0, outcome.Right);
        Assert.Equal(p * (1 - p) / (p * p), outcome.Curvature, 1e-9);
        var attribute = ReadoutRows.Outcome(
            new float[,]
            {
                { 1 },
            },
            0,
            new FittedReadout([1], [0]),
            [0],
            ReadoutLoss.Attributes
        );
        Assert.Equal((outcome.Loss, outcome.Curvature), (attribute.Loss, attribute.Curvature), new Close());
        Assert.Equal(
            0,
            ReadoutRows
                .Outcome(
                    new float[,]
                    {
                        { float.PositiveInfinity },
                    },
                    0,
                    new FittedReadout([1, 0], [0, 0]),
                    [1, 0],
                    ReadoutLoss.Classes
                )
                .Right
        );
    }

    [Fact]
    public void Temperature_SureOfItselfThreeTimesOutOfFour_IsTheOneThatSaysSo()
    {
        (double[], float[])[] rows =
        [
            .. Enumerable.Range(0, 4).Select(i => (new double[] { 50, 0 }, i == 0 ? new float[] { 0, 1 } : [1, 0])),
        ];
        Assert.Equal(50 / Math.Log(3), Temperature.Best(rows, ReadoutLoss.Classes), 1e-3);
    }

    [Fact]
    public void StratifiedSample_RareClass_KeepsTwo()
    {
        int[] classes = [.. Enumerable.Repeat(0, 90), .. Enumerable.Repeat(1, 6), .. Enumerable.Repeat(2, 3)];
        var sample = StratifiedSample.Of(classes, 33, seed: 4);
        Assert.Equal([30, 2, 2], sample.GroupBy(i => classes[i]).OrderBy(g => g.Key).Select(g => g.Count()));
        Assert.Equal(sample, StratifiedSample.Of(classes, 33, seed: 4));
        Assert.NotEqual(sample, StratifiedSample.Of(classes, 33, seed: 5));
        Assert.Equal(99, StratifiedSample.Of(classes, 200, 0).Length);
    }

    [Fact]
    public void LearningCurve_FeaturesWithTheLabelInNoise_GrowsAndExtrapolates()
    {
        const int Rows = 160,
            Width = 30;
        var features = new float[Rows, Width];
        for (var i = 0; i < Rows; i++)
        for (var j = 0; j < Width; j++)
            features[i, j] = (float)(
                (j < 3 ? 0.7 * (2 * (i % 2) - 1) : 0) + CounterRandom.Normal(9, (ulong)j, (ulong)i)
            );
        int[] classes = [.. Enumerable.Range(0, Rows).Select(i => i % 2)];
        var curve = LearningCurve.Of(
            features,
            classes,
            Folds(Rows),
            [.. classes.Select(c => new[] { 1f - c, c })],
            ReadoutLoss.Classes,
            Cancellation
        );
        Assert.Equal([15, 30, 60, 120], curve.Sizes.Select(s => s.Examples).Select(n => (n + 1) / 15 * 15));
        Assert.True(curve.Sizes[^1].Accuracy.Value > curve.Sizes[0].Accuracy.Value);
        Assert.True(curve.Exponent < 0);
        Interval now = curve.At(Rows),
            doubled = curve.At(2 * Rows);
        Assert.True(doubled.Value > now.Value && now.Low < now.Value && now.Value < now.High);
        Assert.InRange(now.Value, 0.75, 0.97); // Bayes: 0.89
    }

    [Fact]
    public void SigmaScan_ResponsesThatArePolynomials_AreIntegratedExactly()
    {
        const double Mu = 1,
            Sigma = 0.5;
        // loss m^2: mu^2 + sigma^2.
        Assert.Equal(
            1.25,
            SigmaScan.Expected(Mu * Mu, [.. SigmaScan.OffCentre.Select(n => Math.Pow(Mu + Sigma * n.At, 2))]),
            1e-9
        );
        // d = x m with x in -1, 1 and, in a second feature, 2 always: sigma^2 (1 + 4) within, mu^2 between.
        float[,] At(double m) =>
            new[,]
            {
                { (float)-m, (float)(2 * m) },
                { (float)m, (float)(2 * m) },
            };
        Assert.Equal(
            1.25 / 2.25,
            SigmaScan.Explained(At(Mu), [.. SigmaScan.OffCentre.Select(n => At(Mu + Sigma * n.At))], [0, 1]),
            1e-5
        );
    }

    [Fact]
    public void SigmaScan_Safe_LiesBetweenTheLastWithinAndTheFirstBeyond()
    {
        SigmaPoint[] points = [new(0.1, 1, 0.002, 0.1), new(0.2, 1, 0.018, 0.3)];
        Assert.Equal((0.15, 0.2, true), SigmaScan.Safe(points, 0.01), new Close3());
        Assert.Equal((0.2, 0.3, false), SigmaScan.Safe(points, 0.02), new Close3());
        Assert.Equal((0.05, 0.05, true), SigmaScan.Safe(points, 0.001), new Close3());
        Assert.Equal(0, SigmaScan.Safe([new(0.1, 1, double.NaN, 1)], 0.01).Sigma);
    }

    [Theory]
    [InlineData("stem", 55296)]
    [InlineData("layer1", 55296 + 2 * 147456)]
    [InlineData("layer2", 55296 + 2 * 147456 + 73728 + 147456 + 8192)]
    [InlineData("pool", 55296 + 2 * 147456 + 2 * (73728 + 147456 + 8192))]
    public void OperationCount_TinyNetwork_CountsItsConvolutions(string cut, long count) =>
        Assert.Equal(count, OperationCount.Prefix(Tiny.Spec, Cut.Parse(cut)));

    private static int[][] Folds(int rows) =>
        [.. Enumerable.Range(0, 4).Select(k => Enumerable.Range(0, rows).Where(i => i / 2 % 4 == k).ToArray())];

    private sealed class Close : IEqualityComparer<(double A, double B)>
    {
        public bool Equals((double A, double B) x, (double A, double B) y) =>
            Math.Abs(x.A - y.A) + Math.Abs(x.B - y.B) < 1e-9;

        public int GetHashCode((double A, double B) obj) => 0;
    }

    private sealed class Close3 : IEqualityComparer<(double Sigma, double Explained, bool Limited)>
    {
        public bool Equals(
            (double Sigma, double Explained, bool Limited) x,
            (double Sigma, double Explained, bool Limited) y
        ) => Math.Abs(x.Sigma - y.Sigma) + Math.Abs(x.Explained - y.Explained) < 1e-9 && x.Limited == y.Limited;

        public int GetHashCode((double Sigma, double Explained, bool Limited) obj) => 0;
    }
}
