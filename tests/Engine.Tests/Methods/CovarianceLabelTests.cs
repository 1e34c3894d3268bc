using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Methods;

/// <summary>
/// The estimators (docs/method.md#estimators) on a linear suffix d = A (gamma h), where the covariance has a closed
/// form. All in float64.
/// </summary>
public class CovarianceLabelTests
{
    private const int Units = 5,
        Outputs = 4,
        Rows = 3;
    private static readonly double[] Couplings = [-0.8, -0.2, 0, 0.3, 0.9];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void ByQuadrature_ThreeNodesExponential_HasTheKnownRatioToTheClosedForm(double sigma)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < Units; i++)
        {
            var (estimate, h, a) = Estimate(sigma, GainForm.Exponential, 3, i);
            var c = Couplings[i];
            var t = sigma * c;
            var closed = sigma * sigma * h * c * Math.Exp(c + sigma * sigma * c * c / 2);
            var ratio = t == 0 ? 1 : Math.Sinh(Math.Sqrt(3) * t) / (Math.Sqrt(3) * t) * Math.Exp(-t * t / 2);
            for (var j = 0; j < Outputs; j++)
                Assert.Equal(a[j] * closed * ratio, estimate[j], 10);
        }
        Assert.Equal(0.9970, Math.Sinh(Math.Sqrt(3) * 0.5) / (Math.Sqrt(3) * 0.5) * Math.Exp(-0.125), 4);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void ByQuadrature_RectifiedInItsLinearRange_IsExact(int nodes)
    {
        using var scope = NewDisposeScope();
        const double Sigma = 0.05;
        for (var i = 0; i < Units; i++)
        {
            var (estimate, h, a) = Estimate(Sigma, GainForm.Rectified, nodes, i);
            for (var j = 0; j < Outputs; j++)
                Assert.Equal(a[j] * Sigma * Sigma * h * Couplings[i], estimate[j], 8);
        }
    }

    [Fact]
    public void ByMonteCarlo_MoreSamples_ConvergesAsTheSquareRoot()
    {
        using var scope = NewDisposeScope();
        const double Sigma = 0.3;
        var (exact, _, _) = Estimate(Sigma, GainForm.Exponential, 9, null);
        double Error(int samples) =>
            Math.Sqrt(
                Enumerable
                    .Range(0, 40)
                    .Average(seed =>
                    {
                        using var inner = NewDisposeScope();
                        return exact
                            .Zip(MonteCarlo(Sigma, samples, seed, 1), (e, s) => (e - s) * (e - s) / (e * e))
                            .Average();
                    })
            );
        Assert.InRange(Error(16) / Error(1024), 4, 16); // 8 in the limit
    }

    [Fact]
    public void ByMonteCarlo_PrivateNoise_CarriesNoLabel()
    {
        using var scope = NewDisposeScope();
        var shared = MonteCarlo(0.2, 4096, 1, 1).Sum(Math.Abs);
        var own = MonteCarlo(0.2, 4096, 1, 0).Sum(Math.Abs);
        Assert.True(own < 0.2 * shared, $"{own} against {shared}");
    }

    [Theory]
    [InlineData(GainForm.Exponential, 1)]
    [InlineData(GainForm.Rectified, 1)]
    [InlineData(GainForm.Exponential, -0.5)]
    public void NoiseFree_OnALinearSuffix_AreItsActivities(GainForm form, double mu)
    {
        using var scope = NewDisposeScope();
        Tensor m = ones(1, 1, ScalarType.Float64) * mu,
            sigma = ones(1, 1, ScalarType.Float64) * 0.1;
        for (var i = 0; i < Units; i++)
        {
            var (response, h, a) = Linear(form, i);
            var gamma = form == GainForm.Exponential ? Math.Exp(Couplings[i] * mu) : 1 + Couplings[i] * mu;
            var rate = NoiseFreeLabel.Rate(response, m, sigma).Covariance.data<double>().ToArray();
            var difference = NoiseFreeLabel.Difference(response, m, sigma).Covariance.data<double>().ToArray();
            for (var j = 0; j < Outputs; j++)
            {
                Assert.Equal(0.01 * a[j] * h * gamma, rate[j], 10);
                Assert.Equal(0.01 * a[j] * h * (gamma - 1) / Math.Abs(mu), difference[j], 10);
            }
        }
    }

    [Fact]
    public void Update_WithoutSignal_LeavesGainAndMemory()
    {
        using var scope = NewDisposeScope();
        var g = tensor(new[] { 0.5, 1.5 }).reshape(1, 2);
        Tensor tau = ones(1, 1, ScalarType.Float64) * 7,
            sigma = ones(1, 1, ScalarType.Float64) * 0.1,
            activity = ones(1, 2, ScalarType.Float64);
        var (same, memory) = DecoderGain.Update(
            g,
            tau,
            sigma,
            new CovarianceEstimate(tensor(new[] { 1e-9, -1.0 }).reshape(1, 2), activity)
        );
        Assert.Equal([0.5, 1.5], same.data<double>().ToArray());
        Assert.Equal(7, memory.item<double>());
        var (next, longer) = DecoderGain.Update(
            g,
            tau,
            sigma,
            new CovarianceEstimate(tensor(new[] { 3e-2, -1.0 }).reshape(1, 2), activity)
        );
        Assert.Equal([(0.5 * 7 + 2) / 8, 1.5 * 7 / 8], next.data<double>().ToArray().Select(x => Math.Round(x, 9)));
        Assert.Equal(8, longer.item<double>());
    }

    private static double[] MonteCarlo(double sigma, int samples, int seed, double rho)
    {
        var (response, _, _) = Linear(GainForm.Exponential, null);
        Tensor mu = ones(1, 1, ScalarType.Float64),
            s = ones(1, 1, ScalarType.Float64) * sigma;
        return CovarianceLabel
            .ByMonteCarlo(response, mu, s, [new ModulatorNoise(seed, rho, Units)], samples, Units)
            .Covariance.data<double>()
            .ToArray();
    }

    private static (double[] Covariance, double MeanOfUnit, double[] WeightsOfUnit) Estimate(
        double sigma,
        GainForm form,
        int nodes,
        int? unit
    )
    {
        var (response, h, weights) = Linear(form, unit);
        var estimate = CovarianceLabel.ByQuadrature(
            response,
            ones(1, 1, ScalarType.Float64),
            ones(1, 1, ScalarType.Float64) * sigma,
            nodes
        );
        return (estimate.Covariance.data<double>().ToArray(), h, weights);
    }

    /// <summary>Channels as units: h [R, C, 1, 1], A [C, D]; with a unit given, A keeps that unit's row only.</summary>
    private static (CovarianceLabel.Response Response, double MeanOfUnit, double[] WeightsOfUnit) Linear(
        GainForm form,
        int? unit
    )
    {
        double[] hs = [.. Enumerable.Range(1, Rows * Units).Select(i => i / 10.0)];
        double[] weights =
        [
            .. Enumerable
                .Range(0, Units * Outputs)
                .Select(i => unit is { } only && i / Outputs != only ? 0 : Math.Abs(Math.Sin(0.7 * i)) + 0.1),
        ];
        var h = tensor(hs, [Rows, Units, 1, 1]);
        var a = tensor(weights, [Units, Outputs]);
        var c = EncoderGain.Couplings(
            tensor(Couplings).reshape(1, Units),
            zeros(1, 1, 1, ScalarType.Float64),
            ones(1, 1, 1, 1, ScalarType.Float64) * 3
        );
        CovarianceLabel.Response response = modulator =>
        {
            var d = EncoderGain
                .Modulate(h, EncoderGain.Gamma(c, modulator.unsqueeze(-1).unsqueeze(-1), form))
                .flatten(1)
                .matmul(a); // [R, D]
            return (d.mean([0]).unsqueeze(0), d.abs().mean([0]).unsqueeze(0));
        };
        var at = unit ?? 0;
        return (
            response,
            Enumerable.Range(0, Rows).Average(r => hs[r * Units + at]),
            weights[(at * Outputs)..((at + 1) * Outputs)]
        );
    }
}
