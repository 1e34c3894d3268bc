using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Reproduce;
using ComodCluster.Lab.Reproduce.Hierarchy;

namespace ComodCluster.Lab.Tests.Reproduce.Hierarchy;

/// <summary>A hierarchy small enough to differentiate by hand.</summary>
internal static class Small
{
    public static HierarchySettings Settings { get; } =
        HierarchySettings.Quick with
        {
            Geometry = new(Positions: 5, Orientations: 3, Features: 2),
        };

    public static Network Network { get; } = new(Settings.Geometry);

    /// <summary>Weights as large as after training: the initial ones leave next to no gradient.</summary>
    public static Parameters Weights { get; } = Draw();

    /// <summary>Random responses, a quarter of them 0.</summary>
    public static Samples Samples(int count, int seed)
    {
        var random = new RandomStream(seed);
        return new(
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(_ =>
                        Enumerable
                            .Range(0, Network.Geometry.Inputs)
                            .Select(_ => Math.Max(0, (float)(random.Uniform() * 4 - 1)))
                            .ToArray()
                    ),
            ],
            [.. Enumerable.Range(0, count).Select(_ => random.Below(Network.Classes))]
        );
    }

    /// <summary>The network, written down plainly.</summary>
    public static double Loss(
        float[] input,
        int label,
        Func<int, int, double> weight,
        Func<int, int, double> bias,
        Func<int, double> decoderGain
    )
    {
        var units = input.Select(value => (double)value).ToArray();
        Wiring[] wirings = [Network.First, Network.Second, Network.Readout];
        for (var layer = 0; layer < wirings.Length; layer++)
        {
            var (wiring, below) = (wirings[layer], units);
            units =
            [
                .. Enumerable
                    .Range(0, wiring.Units)
                    .Select(unit =>
                    {
                        var sum =
                            bias(layer, unit)
                            + Enumerable
                                .Range(unit * wiring.Taps, wiring.Taps)
                                .Sum(i => weight(layer, i) * below[wiring.Sources[i]]);
                        return layer == 2 ? sum : Math.Max(0, sum);
                    }),
            ];
            if (layer == 1)
                units = [.. units.Select((value, unit) => value * decoderGain(unit))];
        }
        return Math.Log(units.Sum(Math.Exp)) - units[label];
    }

    private static Parameters Draw()
    {
        var initial = Network.Initial(new(11));
        return new([
            .. initial.Arrays.Select((array, i) => array.Select(value => value * (i is 0 or 1 ? 6 : 4)).ToArray()),
        ]);
    }
}
