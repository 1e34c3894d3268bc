using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>Rates and couplings of a population of Poisson neurons.</summary>
/// <param name="First">Spikes per trial under the first stimulus, without modulation.</param>
/// <param name="Second">Spikes per trial under the second stimulus, without modulation.</param>
/// <param name="Couplings">How strongly the modulator acts on the log rate; 0 for most.</param>
internal sealed record Population(double[] First, double[] Second, double[] Couplings)
{
    public const double ActiveOffset = 2,
        ActiveSpread = 0.5,
        InactiveSpread = 1,
        Up = 1.05,
        Down = 0.95;

    /// <summary>Spikes per trial that no modulation exceeds.</summary>
    public const double LargestRate = 10_000;

    public int Neurons => First.Length;

    /// <summary>Weights of the maximum-likelihood decoder; positive: speaks for the first stimulus.</summary>
    public double[] LogRatios => [.. First.Zip(Second, (first, second) => Math.Log(first / second))];

    /// <summary>The informative neurons come first, then the other active ones.</summary>
    public static Population Draw(DecodingSettings settings, RandomStream random)
    {
        var (first, second) = (new double[settings.Neurons], new double[settings.Neurons]);
        for (var j = 0; j < settings.Neurons; j++)
        {
            var log =
                j < settings.Active
                    ? ActiveOffset + ActiveSpread * random.Uniform()
                    : InactiveSpread * random.Uniform();
            var (a, b) =
                j >= settings.Informative ? (1, 1)
                : j < settings.Informative / 2 ? (Down, Up)
                : (Up, Down);
            (first[j], second[j]) = (Math.Exp(log * a), Math.Exp(log * b));
        }
        return new(first, second, [.. first.Zip(second, (a, b) => Math.Abs(Math.Log(a / b)))]);
    }

    /// <summary>The factor on a neuron's rate; its mean over the modulator is 1.</summary>
    public double Gain(int neuron, double modulator, double sigma)
    {
        var coupling = Couplings[neuron];
        return coupling == 0 ? 1 : Math.Exp(coupling * modulator - sigma * sigma * coupling * coupling / 2);
    }
}
