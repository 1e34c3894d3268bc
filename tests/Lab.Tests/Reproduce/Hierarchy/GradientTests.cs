using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Reproduce.Hierarchy;

namespace ComodCluster.Lab.Tests.Reproduce.Hierarchy;

/// <summary>Losses against the network written down plainly, gradients against its central differences.</summary>
public class GradientTests
{
    private const double Step = 1e-4;

    private static Parameters Weights => Small.Weights;

    [Theory]
    [InlineData(GainArm.Comodulation)]
    [InlineData(GainArm.Gain)]
    [InlineData(GainArm.TrainedGain)]
    internal void GainRuns_EveryArm_HaveTheGradientOfTheirLoss(GainArm arm)
    {
        var (samples, lane) = (Small.Samples(6, 1), (int)arm);
        var runs = new GainRuns(
            Small.Network,
            Weights,
            Small.Settings,
            new("", Rate: 0.05f),
            samples,
            samples,
            samples,
            new(2)
        );
        // Away from the start, where arms and units are all alike.
        runs.Epoch();
        var (trained, gain, loss) = runs.Gradients(2);
        double[] w = [.. Lane(runs.Trained, lane)],
            g = [.. Lane(runs.DecoderGains, lane)];
        Assert.Equal(Loss(w, g), loss[lane], 1e-4);
        Assert.Contains(Lane(trained, lane), g => Math.Abs(g) > 0.01);
        foreach (var i in new[] { 0, 7, 20, 33, 52, 74 })
            Assert.Equal(Difference(w, i, () => Loss(w, g)), trained[i * Tile.Lanes + lane], 2e-4);
        if (arm == GainArm.TrainedGain)
            foreach (var unit in new[] { 0, 5, 17, 30, 53 })
                Assert.Equal(Difference(g, unit, () => Loss(w, g)), gain[unit * Tile.Lanes + lane], 2e-4);

        double Loss(double[] w, double[] g)
        {
            var couplings = Couplings(w);
            return new[] { 2, 3 }.Average(i =>
                Small.Loss(
                    [.. samples.Responses[i].Select((x, j) => (float)(x * Math.Exp(couplings[j])))],
                    samples.Labels[i],
                    (layer, k) => Weights.Weights(layer)[k],
                    (layer, k) => Weights.Bias(layer)[k],
                    unit => g[unit]
                )
            );
        }
    }

    [Fact]
    public void WeightRuns_AllWeights_HaveTheGradientOfTheirLossInEveryArray()
    {
        const int Lane = 5;
        Samples[] samples = [.. Enumerable.Range(0, Tile.Lanes).Select(lane => Small.Samples(4, 20 + lane))];
        var runs = new WeightRuns(
            Small.Network,
            Weights,
            Small.Settings with
            {
                WeightRate = 0.01f,
            },
            all: true,
            samples,
            samples,
            samples
        );
        runs.Epoch();
        var (gradients, loss) = runs.Gradients(2);
        double[][] own = [.. runs.Weights.Arrays.Select(array => GradientTests.Lane(array, Lane).ToArray())];
        Assert.Equal(Loss(), loss[Lane], 1e-4);
        Assert.All(
            gradients.Arrays,
            array => Assert.Contains(GradientTests.Lane(array, Lane), g => Math.Abs(g) > 0.01)
        );
        for (var array = 0; array < own.Length; array++)
            foreach (var i in new[] { 0, own[array].Length / 3, own[array].Length / 2, own[array].Length - 1 })
                Assert.Equal(Difference(own[array], i, Loss), gradients.Arrays[array][i * Tile.Lanes + Lane], 2e-4);

        double Loss() =>
            new[] { 2, 3 }.Average(i =>
                Small.Loss(
                    samples[Lane].Responses[i],
                    samples[Lane].Labels[i],
                    (layer, k) => own[2 * layer][k],
                    (layer, k) => own[2 * layer + 1][k],
                    _ => 1
                )
            );
    }

    [Fact]
    public void PretrainingTile_SharedWeights_HaveTheGradientOfTheSumOfTheRows()
    {
        var samples = Small.Samples(Tile.Rows, 3);
        var gradients = Weights.Zero();
        new PretrainingTile(Small.Network).Gradients(Weights, samples, [.. Enumerable.Range(0, Tile.Rows)], gradients);
        double[][] own = [.. Weights.Arrays.Select(array => array.Select(value => (double)value).ToArray())];
        for (var array = 0; array < own.Length; array++)
            foreach (var i in new[] { 1, own[array].Length / 2, own[array].Length - 1 })
                Assert.Equal(Difference(own[array], i, Loss), gradients.Arrays[array][i], 2e-3);

        double Loss() =>
            Enumerable
                .Range(0, Tile.Rows)
                .Sum(i =>
                    Small.Loss(
                        samples.Responses[i],
                        samples.Labels[i],
                        (layer, k) => own[2 * layer][k],
                        (layer, k) => own[2 * layer + 1][k],
                        _ => 1
                    )
                ) / Tile.Batch;
    }

    [Fact]
    public void WeightRuns_OtherNeighbours_AreTheSameToTheLastBit()
    {
        Samples[] samples = [.. Enumerable.Range(0, Tile.Lanes).Select(lane => Small.Samples(4, 40 + lane))];
        Samples[] others =
        [
            .. Enumerable.Range(0, Tile.Lanes).Select(lane => lane == 3 ? samples[3] : Small.Samples(4, 60 + lane)),
        ];
        Assert.Equal(After(samples), After(others));

        static float[] After(Samples[] samples)
        {
            var runs = new WeightRuns(Small.Network, Weights, Small.Settings, all: true, samples, samples, samples);
            runs.Epoch();
            return [.. runs.Weights.Weights(1).Where((_, i) => i % Tile.Lanes == 3)];
        }
    }

    private static double[] Couplings(double[] trained)
    {
        var (lanes, couplings) = (new float[trained.Length * Tile.Lanes], new double[trained.Length]);
        var result = new float[lanes.Length];
        for (var i = 0; i < trained.Length; i++)
            lanes[i * Tile.Lanes] = (float)trained[i];
        new CouplingFilter(Small.Network.Geometry.Orientations, Small.Settings.FilterWidth).Apply(lanes, result);
        for (var i = 0; i < couplings.Length; i++)
            couplings[i] = result[i * Tile.Lanes];
        return couplings;
    }

    private static double Difference(double[] values, int index, Func<double> loss)
    {
        // The filter is evaluated in single precision: a step that it can see.
        var (at, step) = (values[index], 20 * Step);
        values[index] = at + step;
        var up = loss();
        values[index] = at - step;
        var down = loss();
        values[index] = at;
        return (up - down) / (2 * step);
    }

    private static IEnumerable<double> Lane(float[] values, int lane) =>
        values.Where((_, i) => i % Tile.Lanes == lane).Select(value => (double)value);
}
