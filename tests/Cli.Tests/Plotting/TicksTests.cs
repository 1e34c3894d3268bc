using ComodCluster.Cli.Commands.Plotting;

namespace ComodCluster.Cli.Tests.Plotting;

public class TicksTests
{
    [Theory]
    [InlineData(0, 150, 5, "0 50 100 150")]
    [InlineData(0.48, 1, 6, "0.5 0.6 0.7 0.8 0.9 1.0")]
    [InlineData(0, 0.7, 5, "0.0 0.2 0.4 0.6")]
    public void Between_Range_GivesRoundPositions(double low, double high, int wanted, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Between(low, high, wanted).Labels));
}
