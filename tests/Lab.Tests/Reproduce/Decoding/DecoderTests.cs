using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Reproduce;
using ComodCluster.Lab.Reproduce.Decoding;

namespace ComodCluster.Lab.Tests.Reproduce.Decoding;

public class DecoderTests
{
    private static readonly DecodingSettings Settings = new() { Neurons = 100 };
    private readonly Population _population = Population.Draw(Settings, new(1));

    [Fact]
    public void Population_Drawn_HasInformativeNeuronsOfBothPreferences()
    {
        Assert.Equal(6, _population.First.Zip(_population.Second).Count(rates => rates.First > rates.Second));
        Assert.Equal(6, _population.First.Zip(_population.Second).Count(rates => rates.First < rates.Second));
        Assert.Equal(12, _population.Couplings.Count(coupling => coupling > 0));
    }

    [Fact]
    public void Gain_OverTheModulator_HasMeanOne()
    {
        var random = new RandomStream(4);
        Assert.Equal(1, Enumerable.Range(0, 200_000).Average(_ => _population.Gain(0, random.Normal(), 1)), 0.005);
    }

    [Fact]
    public void MaximumLikelihood_EveryTrial_DecidesForTheLikelierStimulus()
    {
        var trials = Trials.Draw(_population, 1, 300, 1, new(5));
        var decoder = Decoder.MaximumLikelihood(_population, 1);
        for (var t = 0; t < trials.Count; t++)
        {
            var difference = 0.0;
            for (var j = 0; j < _population.Neurons; j++)
            {
                var gain = _population.Gain(j, trials.Modulator[t], 1);
                difference +=
                    trials.Counts[t][j] * Math.Log(_population.First[j] / _population.Second[j])
                    - gain * (_population.First[j] - _population.Second[j]);
            }
            Assert.Equal(difference, decoder.Project(trials.Counts[t]) - decoder.Threshold(trials.Modulator[t]), 1e-3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ModulatorGuided_ManyTrials_FindsTheWeightsOfMaximumLikelihood(int parts)
    {
        var trials = Trials.Draw(_population, 1, 40_000, parts, new(6));
        var (labels, preference) = (Comodulation.Of(trials), Preference.Of(trials));
        var guided = Decoder.ModulatorGuided(labels, preference, trials, Guidance.Learned);
        var right = _population.LogRatios;
        for (var j = 0; j < right.Length; j++)
            Assert.Equal(right[j], guided.Weights[j], 0.05);
        var test = Trials.Draw(_population, 1, 2000, parts, new(7));
        Assert.InRange(guided.Accuracy(test), 0.85, 1);
    }

    [Fact]
    public void Regression_Fitted_HasNoGradientLeft()
    {
        var trials = Trials.Draw(_population, 1, 60, 1, new(8));
        var (weights, intercept) = LogisticRegression.Fit(trials, c: 0.01);
        var best = Loss(weights, intercept);
        // Central differences along each of some weights and the intercept.
        for (var j = 0; j < 20; j++)
        {
            float[] up = [.. weights],
                down = [.. weights];
            (up[j], down[j]) = (up[j] + 0.01f, down[j] - 0.01f);
            Assert.Equal(0, (Loss(up, intercept) - Loss(down, intercept)) / 0.02, 0.01);
            Assert.True(Loss(up, intercept) > best - 1e-6 && Loss(down, intercept) > best - 1e-6);
        }
        Assert.Equal(0, (Loss(weights, intercept + 0.01) - Loss(weights, intercept - 0.01)) / 0.02, 0.01);

        double Loss(float[] w, double b) =>
            w.Sum(x => (double)x * x) / 2
            + Enumerable
                .Range(0, trials.Count)
                .Sum(t =>
                {
                    var z = trials.Counts[t].Zip(w, (k, x) => (double)k * x).Sum() + b;
                    return 0.01 * Math.Log(1 + Math.Exp(Trials.IsFirst(t) ? -z : z));
                });
    }

    [Theory]
    [InlineData("10:1 20:-1", 14.142)]
    [InlineData("10:-1 20:1", 10)]
    [InlineData("10:0 20:0", double.PositiveInfinity)]
    [InlineData("10:2 20:1 40:-1 80:3", 28.284)]
    public void Crossing_Of_IsTheFirstFallThroughZero(string curve, double expected) =>
        Assert.Equal(
            expected,
            Crossing.Of([
                .. curve
                    .Split(' ')
                    .Select(point => point.Split(':'))
                    .Select(point => (double.Parse(point[0]), double.Parse(point[1]))),
            ]),
            0.001
        );
}
