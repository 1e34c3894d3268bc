using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Methods;

public class EncoderGainTests
{
    [Theory]
    [InlineData(GainForm.Exponential)]
    [InlineData(GainForm.Rectified)]
    [InlineData(GainForm.Absolute)]
    public void Modulate_GradientOfTheCouplings_AgreesWithFiniteDifferences(GainForm form)
    {
        using var scope = NewDisposeScope();
        const int Segments = 2,
            Rows = 3,
            C = 4,
            Grid = 2,
            Side = 6;
        static Tensor Wave(double phase, params long[] shape) =>
            tensor(
                Enumerable
                    .Range(0, (int)shape.Aggregate(1L, (n, d) => n * d))
                    .Select(i => 0.2 * Math.Sin(0.37 * i + phase))
                    .ToArray(),
                shape
            );
        var h = Wave(1, Segments * Rows, C, Side, Side).abs();
        var project = Wave(4, Segments * Rows, C, Side, Side);
        Tensor u = Wave(2, Segments, C).requires_grad_(true),
            v = Wave(3, Segments, Grid, Grid).requires_grad_(true);
        Tensor bound = ones(Segments, 1, 1, 1, ScalarType.Float64) * 3,
            mu = ones(Segments, 1, 1, 1, ScalarType.Float64) * 1.3;
        Tensor Loss(Tensor uu, Tensor vv)
        {
            var x = EncoderGain.Modulate(h, EncoderGain.Gamma(EncoderGain.Couplings(uu, vv, bound), mu, form));
            return (x * x * project).sum();
        }
        var gradients = autograd.grad([Loss(u, v)], [u, v]);
        const double Step = 1e-5;
        foreach (var (parameter, gradient, isU) in new[] { (u, gradients[0], true), (v, gradients[1], false) })
        {
            using var frozen = no_grad();
            var exact = gradient.contiguous().data<double>().ToArray();
            for (var i = 0; i < exact.Length; i++)
            {
                var nudges = new double[exact.Length];
                nudges[i] = Step;
                var nudge = tensor(nudges, parameter.shape);
                var difference = isU
                    ? Loss(u + nudge, v) - Loss(u - nudge, v)
                    : Loss(u, v + nudge) - Loss(u, v - nudge);
                Assert.Equal(difference.item<double>() / (2 * Step), exact[i], 6);
            }
        }
    }

    [Theory]
    [InlineData(GainForm.Exponential, 0.04978706836786394, 2.718281828459045)]
    [InlineData(GainForm.Rectified, 0, 2)]
    [InlineData(GainForm.Absolute, 2, 2)]
    public void Gamma_OfAStrongNegativeAndAPositiveCoupling_IsTheForms(GainForm form, double negative, double positive)
    {
        using var scope = NewDisposeScope();
        var gamma = EncoderGain.Gamma(tensor(new[] { -1.5, 0.5 }), tensor(2.0), form).data<double>().ToArray();
        Assert.Equal(negative, gamma[0], 12);
        Assert.Equal(positive, gamma[1], 12);
    }

    [Fact]
    public void Couplings_BeyondTheCap_AreClampedInSum()
    {
        using var scope = NewDisposeScope();
        var c = EncoderGain.Couplings(
            tensor(new[] { 2.5, -9 }).reshape(1, 2),
            tensor(new[] { 1.0 }).reshape(1, 1, 1),
            tensor(new[] { 3.0 }).reshape(1, 1, 1, 1)
        );
        Assert.Equal([3.0, -3.0], c.data<double>().ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Nodes_OfN_IntegrateMomentsOfTheNormalExactly(int n)
    {
        var nodes = Quadrature.Nodes(n);
        Assert.Equal(n, nodes.Count);
        double factor = 1;
        for (var p = 0; p <= 2 * n - 1; p++)
        {
            if (p > 0 && p % 2 == 0)
                factor *= p - 1;
            var moment = nodes.Sum(x => x.Weight * Math.Pow(x.At, p));
            Assert.True(
                Math.Abs(moment - (p % 2 == 1 ? 0 : factor)) < 1e-8 * Math.Max(1, factor),
                $"moment {p}: {moment}"
            );
        }
        Assert.Equal(Math.Sqrt(3), Quadrature.Nodes(3)[2].At, 12);
    }
}
