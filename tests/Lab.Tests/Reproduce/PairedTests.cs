using ComodCluster.Infrastructure.Journals;
using ComodCluster.Lab.Reproduce;

namespace ComodCluster.Lab.Tests.Reproduce;

public class PairedTests
{
    [Fact]
    public void Difference_OfSameTaskSeedAndPlace_LeavesOutWhatHasNoPartner()
    {
        Observation[] first =
        [
            Of(0, 0, 20, 0.9),
            Of(0, 1, 20, 0.8),
            Of(1, 0, 20, 0.7),
            Of(1, 1, 20, 0.1),
            Of(1, 0, 50, 0.6),
        ];
        Observation[] second =
        [
            Of(1, 0, 50, 0.6),
            Of(0, 0, 20, 0.8),
            Of(0, 1, 20, 0.7),
            Of(1, 0, 20, 0.5),
            Of(2, 0, 20, 0.0),
        ];
        var difference = Paired.Difference(first, second)!.Value;
        // Task 0: 0.1 twice; task 1: the mean of 0.2 and 0 over its two places.
        Assert.Equal(0.1, difference.Mean, 1e-12);
        Assert.Equal((0.1, 0.1), (Math.Round(difference.Low, 12), Math.Round(difference.High, 12)));
    }

    [Fact]
    public void Difference_OfNothingInCommon_IsNull() =>
        Assert.Null(Paired.Difference([Of(0, 0, 20, 1)], [Of(0, 1, 20, 1)]));

    private static Observation Of(int task, int seed, double x, double value) =>
        new("s", "a", x, seed, value) { Task = task };

    [Fact]
    public void Points_SmallNegativeNumber_HasOneSign() =>
        Assert.Equal("+0.0 (-0.1 to +0.2)", Paired.Points(new(-0.0001, -0.0012, 0.0021)));
}
