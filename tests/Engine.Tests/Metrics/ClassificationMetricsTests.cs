using ComodCluster.Engine.Metrics;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Tests.Metrics;

public class ClassificationMetricsTests
{
    [Fact]
    public void OfClasses_ByHand()
    {
        var m = ClassificationMetrics.OfClasses(
            [
                [0.9f, 0.1f],
                [0.6f, 0.4f],
                [0.2f, 0.8f],
                [0.7f, 0.3f],
            ],
            [0, 0, 1, 1]
        );
        Assert.Equal(0.75, m.Accuracy);
        Assert.Equal(0.75, m.BalancedAccuracy);
        Assert.Equal((2.0 * 2 / 5 + 2.0 * 1 / 3) / 2, m.F1, 9);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.6) + Math.Log(0.8) + Math.Log(0.3)) / 4, m.Nll, 5);
    }

    [Fact]
    public void OfClasses_Three_AreMacroAverages()
    {
        int[] labels = [0, 0, 1, 2, 2, 2],
            predicted = [0, 1, 1, 2, 0, 2];
        var m = ClassificationMetrics.OfClasses(
            [.. predicted.Select(k => Enumerable.Range(0, 3).Select(j => j == k ? 0.8f : 0.1f).ToArray())],
            labels
        );
        Assert.Equal((0.5 + 0.5 + 1) / 3, m.Precision, 9); // hits 1, 1, 2 of 2, 2, 2 claims
        Assert.Equal((0.5 + 1 + 2.0 / 3) / 3, m.Recall, 9); // and of 2, 1, 3 images
        Assert.Equal(m.BalancedAccuracy, m.Recall);
        Assert.Equal((0.5 + 2.0 / 3 + 0.8) / 3, m.F1, 9);
        Assert.Equal(4.0 / 6, m.Accuracy, 9);
        Assert.Equal(0.8 - 4.0 / 6, m.Ece, 6);
    }

    [Fact]
    public void OfClasses_OneNeverClaimed_CountsWithPrecisionZero()
    {
        var m = ClassificationMetrics.OfClasses(
            [
                [0.9f, 0.1f],
                [0.6f, 0.4f],
            ],
            [0, 1]
        );
        Assert.Equal((0.25, 0.5), (m.Precision, m.Recall));
        Assert.Equal(1.0 / 3, m.F1, 9);
    }

    [Theory]
    [InlineData(LossKind.Classes)]
    [InlineData(LossKind.Attributes)]
    public void Fit_ConfidenceOfNineInTenThreeInFourRight_IsTwo(LossKind loss)
    {
        // 1 / (1 + exp(-ln(9) / T)) = 3 / 4 at T = 2, where the loss is least.
        float[][] p =
            loss == LossKind.Classes
                ? [.. Enumerable.Repeat(new[] { 0.9f, 0.1f }, 4)]
                : [.. Enumerable.Repeat(new[] { 0.9f }, 4)];
        float[][] t =
            loss == LossKind.Classes
                ?
                [
                    [1, 0],
                    [1, 0],
                    [1, 0],
                    [0, 1],
                ]
                :
                [
                    [1],
                    [1],
                    [1],
                    [0],
                ];
        var temperature = TemperatureScaling.Fit(p, t, ReadoutLoss.Of(loss));
        Assert.Equal(2, temperature, 4);
        Assert.Equal(0.75, TemperatureScaling.Apply(p[0], temperature, ReadoutLoss.Of(loss))[0], 5);
        Assert.Equal(0.9, TemperatureScaling.Apply(p[0], 1, ReadoutLoss.Of(loss))[0], 6);
    }

    [Fact]
    public void Fit_AllRight_StopsAtItsBound() =>
        Assert.Equal(
            TemperatureScaling.Least,
            TemperatureScaling.Fit(
                [
                    [0.9f, 0.1f],
                    [0.2f, 0.8f],
                ],
                [
                    [1, 0],
                    [0, 1],
                ],
                ReadoutLoss.Classes
            ),
            3
        );

    [Fact]
    public void CalibrationError_OfConfidentHalfRight_IsTheGap() =>
        Assert.Equal(0.4, ClassificationMetrics.CalibrationError([0.9, 0.9], [true, false]), 9);

    [Fact]
    public void OfAttributes_ByHand()
    {
        var m = ClassificationMetrics.OfAttributes(
            [
                [0.9f, 0.2f],
                [0.4f, 0.7f],
            ],
            [
                [1, 0],
                [1, 1],
            ]
        );
        Assert.Equal(0.75, m.Accuracy);
        Assert.Equal(2, m.Images);
        // The first attribute: 1 hit of 1 claim and 2 positives. The second: 1 of 1 and 1.
        Assert.Equal((1, 0.75), (m.Precision, m.Recall));
        Assert.Equal((2.0 / 3 + 1) / 2, m.F1, 9);
    }
}
