namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>What the labelled trials say of each neuron.</summary>
/// <param name="Signs">1: more spikes for the first stimulus; -1: for the second; 0: as many.</param>
/// <param name="Means">Spikes per trial.</param>
internal sealed record Preference(int[] Signs, double[] Means)
{
    /// <param name="trials">As many of the first stimulus as of the second.</param>
    public static Preference Of(Trials trials)
    {
        double[] first = new double[trials.Neurons],
            second = new double[trials.Neurons];
        for (var t = 0; t < trials.Count; t++)
        {
            var sums = Trials.IsFirst(t) ? first : second;
            for (var j = 0; j < sums.Length; j++)
                sums[j] += trials.Counts[t][j];
        }
        return new(
            [.. first.Zip(second, (a, b) => Math.Sign(a - b))],
            [.. first.Zip(second, (a, b) => (a + b) / trials.Count)]
        );
    }

    /// <summary>The same with the true signs of the informative neurons.</summary>
    public Preference Knowing(Population population) =>
        this with
        {
            Signs = [.. Signs.Zip(population.LogRatios, (learned, ratio) => ratio == 0 ? learned : Math.Sign(ratio))],
        };
}
