using ComodCluster.Engine.Planning;

namespace ComodCluster.Engine.Tests.Planning;

public class PowerLawTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_ExactPowerLaw_FactorAndExponent(double exponent)
    {
        double[] x = [1, 10, 100, 1000];
        var law = PowerLaw.Fit(x, [.. x.Select(v => 3 * Math.Pow(v, exponent))]);
        Assert.Equal(exponent, law.Exponent, 1e-12);
        Assert.Equal(3, law.Factor, 1e-9);
    }

    [Fact]
    public void Fit_OneStepInThreePoints_LeastSquaresSlope()
    {
        // log y = 0, 0, 1 over log x = 0, 1, 2: slope 1/2, intercept -1/6.
        var law = PowerLaw.Fit([1, Math.E, Math.E * Math.E], [1, 1, Math.E]);
        Assert.Equal(0.5, law.Exponent, 1e-12);
        Assert.Equal(Math.Exp(-1.0 / 6), law.Factor, 1e-12);
    }

    [Fact]
    public void Fit_NothingToFit_Throws()
    {
        Assert.Throws<ArgumentException>(() => PowerLaw.Fit([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => PowerLaw.Fit([2, 2], [1, 3]));
        Assert.Throws<ArgumentException>(() => PowerLaw.Fit([1, 2], [1, 0]));
        Assert.Throws<ArgumentException>(() => PowerLaw.Fit([1, 2], [1, double.NaN]));
    }
}
