using ComodCluster.Engine.Metrics;

namespace ComodCluster.Engine.Tests.Metrics;

public class ClassificationMetricsTests
{
    [Fact]
    public void OfClasses_ByHand()
    {
        var m = ClassificationMetrics.OfClasses([[0.9f, 0.1f], [0.6f, 0.4f], [0.2f, 0.8f], [0.7f, 0.3f]], [0, 0, 1, 1]);
        Assert.Equal(0.75, m.Accuracy);
        Assert.Equal(0.75, m.BalancedAccuracy);
        Assert.Equal((2.0 * 2 / 5 + 2.0 * 1 / 3) / 2, m.F1, 9);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.6) + Math.Log(0.8) + Math.Log(0.3)) / 4, m.Nll, 5);
    }

    [Fact]
    public void CalibrationError_OfConfidentHalfRight_IsTheGap() =>
        Assert.Equal(0.4, ClassificationMetrics.CalibrationError([0.9, 0.9], [true, false]), 9);

    [Fact]
    public void OfAttributes_ByHand()
    {
        var m = ClassificationMetrics.OfAttributes([[0.9f, 0.2f], [0.4f, 0.7f]], [[1, 0], [1, 1]]);
        Assert.Equal(0.75, m.Accuracy);
        Assert.Equal(2, m.Images);
    }
}
