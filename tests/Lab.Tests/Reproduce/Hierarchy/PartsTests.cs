using System.Runtime.Intrinsics;
using ComodCluster.Lab.Reproduce.Hierarchy;

namespace ComodCluster.Lab.Tests.Reproduce.Hierarchy;

public class PartsTests
{
    [Fact]
    public void Respond_ToAPatternAlone_IsGreatestInItsOwnFilter()
    {
        var geometry = new Geometry(16, 10, 4);
        var (bank, image) = (new GaborBank(geometry, 0.7, 1.5), new float[GaborBank.Side * GaborBank.Side]);
        bank.Add(image, x: 5, y: 9, orientation: 3);
        var responses = bank.Respond(image);
        Assert.Equal(geometry.Inputs, responses.Length);
        Assert.Equal((9 * 16 + 5) * 10 + 3, Array.IndexOf(responses, responses.Max()));
        Assert.True(responses.Min() >= 0);
    }

    [Fact]
    public void Pool_EveryUnit_TakesFourPlacesOfItsOrientation()
    {
        var wiring = Wiring.Pool(positions: 4, orientations: 3, featuresBelow: 2, features: 5);
        Assert.Equal((3 * 3 * 3 * 5, 8), (wiring.Units, wiring.Taps));
        for (var unit = 0; unit < wiring.Units; unit++)
        {
            var (y, x, o) = (unit / 5 / 3 / 3, unit / 5 / 3 % 3, unit / 5 % 3);
            var sources = wiring.Sources[(unit * 8)..(unit * 8 + 8)];
            Assert.Distinct(sources);
            Assert.All(
                sources,
                source => Assert.True(source / 2 % 3 == o && source / 6 % 4 - x is 0 or 1 && source / 24 - y is 0 or 1)
            );
        }
    }

    [Fact]
    public void Apply_EqualNumbers_GivesEqualCouplings()
    {
        float[] trained = [.. Enumerable.Repeat(2f, 2 * 10 * Tile.Lanes)],
            couplings = new float[trained.Length];
        new CouplingFilter(10, 0.1).Apply(trained, couplings);
        Assert.All(couplings, coupling => Assert.Equal(4, coupling, 1e-5));
    }

    [Fact]
    public void Refresh_Labels_AreARunningMeanOfMeanOne()
    {
        var gain = new DecoderGain(4);
        gain.Refresh(Labels(3, 1, -5, 0), Vector256<float>.AllBitsSet);
        Assert.Equal([2, 1, 0.5f, 0.5f], Values(gain, 0)); // (1 + {3, 1, 0, 0}) / 2
        gain.Refresh(Labels(0, 0, 0, 4), Vector256<float>.AllBitsSet);
        // (2 {2, 1, .5, .5} + {0, 0, 0, 4}) / 3
        Assert.Equal([4f / 3, 2f / 3, 1f / 3, 5f / 3], Values(gain, 7), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Refresh_NoLabelLeft_OrRunNotAsked_KeepsTheGain()
    {
        var gain = new DecoderGain(4);
        gain.Refresh(Labels(-1, -2, 0, -3), Vector256<float>.AllBitsSet);
        Assert.Equal([1, 1, 1, 1], Values(gain, 0));
        gain.Refresh(Labels(3, 1, 0, 0), Vector256<float>.AllBitsSet.WithElement(6, 0));
        Assert.Equal([1, 1, 1, 1], Values(gain, 6));
        Assert.Equal([2, 1, 0.5f, 0.5f], Values(gain, 5));
    }

    [Fact]
    public void Adam_EveryLength_FollowsItsFormula()
    {
        var (adam, values, gradient) = (
            new Adam(11, 0.1f),
            new float[11],
            Enumerable.Range(1, 11).Select(i => i * 0.1f).ToArray()
        );
        var (expected, m, v) = (new double[11], new double[11], new double[11]);
        for (var t = 1; t <= 4; t++)
        {
            adam.Step(values, gradient);
            for (var i = 0; i < 11; i++)
            {
                m[i] = 0.9 * m[i] + 0.1 * gradient[i];
                v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
                expected[i] -=
                    0.1 * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
                gradient[i] = -gradient[i] * 0.7f;
            }
        }
        for (var i = 0; i < 11; i++)
            Assert.Equal(expected[i], values[i], 1e-4);
    }

    [Fact]
    public void Epoch_Arms_DifferOnlyInTheirDecoderGains()
    {
        var samples = Small.Samples(6, 9);
        var runs = new GainRuns(
            Small.Network,
            Small.Weights,
            Small.Settings,
            new(""),
            samples,
            samples,
            samples,
            new(3)
        );
        runs.Epoch();
        foreach (var arm in Enum.GetValues<GainArm>())
        {
            float[] gains = [.. runs.DecoderGains.Where((_, i) => i % Tile.Lanes == (int)arm)];
            Assert.True(gains.All(gain => gain >= 0));
            if (arm == GainArm.Gain)
                Assert.All(gains, gain => Assert.Equal(1, gain));
            else if (arm != GainArm.Seldom)
                Assert.Contains(gains, gain => Math.Abs(gain - 1) > 1e-4);
            if (arm is not GainArm.TrainedGain)
                Assert.Equal(1, gains.Average(), 1e-4);
        }
    }

    private static float[] Labels(params float[] labels) =>
        [.. labels.SelectMany(label => Enumerable.Repeat(label, Tile.Lanes))];

    private static float[] Values(DecoderGain gain, int run) => [.. gain.Values.Where((_, i) => i % Tile.Lanes == run)];
}
