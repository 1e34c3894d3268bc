using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Planning;

namespace ComodCluster.Engine.Tests.Planning;

public class PlanAdviceTests
{
    [Theory]
    [InlineData(0.15, 2)] // within the best's interval
    [InlineData(0.05, 1)]
    public void Cut_TheUsualOne_IsKeptUnlessAnotherIsBetterForCertain(double measured, int expected) =>
        Assert.Equal(expected, PlanAdvice.Cut(Plans(0.02, 0.2, measured), Cut.AfterStage(3)));

    [Fact]
    public void Cut_TheUsualOneIsNoCandidate_IsTheBest() =>
        Assert.Equal(0, PlanAdvice.Cut(Plans(0.3, 0.2, 0.29), Cut.Pool));

    /// <summary>Cuts after the first stages, each with an interval of 0.1 to both sides.</summary>
    private static CutPlan[] Plans(params double[] measured) =>
        [
            .. measured.Select(
                (value, i) =>
                    new CutPlan
                    {
                        Cut = Cut.AfterStage(i + 1),
                        Rank = 0,
                        LogMe = 0,
                        HScore = 0,
                        Probe = default,
                        Promised = default,
                        Measured = new(value, value - 0.1, value + 0.1),
                        Accuracy = default,
                        Gained = default,
                        PrefixBytes = 0,
                    }
            ),
        ];
}
