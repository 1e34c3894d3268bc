using ComodCluster.Engine.Data;

namespace ComodCluster.Engine.Methods;

/// <summary>One task's random modulator: numbers are a pure function of seed and sample.</summary>
/// <param name="Seed">The task's.</param>
/// <param name="Rho">Correlation between groups, 0 to 1.</param>
/// <param name="Groups">Groups of neighbouring channels.</param>
public readonly record struct ModulatorNoise(int Seed, double Rho, int Groups)
{
    private const ulong Stream = 0xC0_0000;

    /// <summary>s ~ N(0, 1)</summary>
    public double Shared(int sample) => CounterRandom.Normal((ulong)(uint)Seed, Stream, (ulong)sample);

    /// <summary>sqrt(rho) s + sqrt(1 - rho) e_g for each of the channels.</summary>
    public IEnumerable<double> PerChannel(int sample, int channels)
    {
        for (var c = 0; c < channels; c++)
        {
            var group = (ulong)((long)c * Groups / channels);
            yield return Math.Sqrt(Rho) * Shared(sample)
                + Math.Sqrt(1 - Rho) * CounterRandom.Normal((ulong)(uint)Seed, Stream + 1 + group, (ulong)sample);
        }
    }
}
