using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Tests.Statistics;

public class LineTests
{
    [Fact]
    public void Fit_FourPoints_HasTheLeastSquares()
    {
        var line = Line.Fit([0, 1, 2, 4], [1, 3, 2, 5]);

        Assert.Equal(0.8857, line.Slope, 4);
        Assert.Equal(1.2, line.Intercept, 4);
        Assert.Equal(0.3283, line.Error, 4);
    }
}
