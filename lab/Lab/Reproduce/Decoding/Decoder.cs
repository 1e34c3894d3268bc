using System.Numerics.Tensors;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>A linear decision: the first stimulus where the weighted sum of the counts exceeds the threshold.</summary>
/// <param name="Weights">[neuron]</param>
/// <param name="Threshold">For a trial's modulator.</param>
internal sealed record Decoder(float[] Weights, Func<double, double> Threshold)
{
    public double Project(float[] counts) => TensorPrimitives.Dot<float>(Weights, counts);

    /// <summary>Share of trials decided rightly.</summary>
    public double Accuracy(Trials trials)
    {
        var right = 0;
        for (var t = 0; t < trials.Count; t++)
            if (Project(trials.Counts[t]) > Threshold(trials.Modulator[t]) == Trials.IsFirst(t))
                right++;
        return (double)right / trials.Count;
    }

    /// <summary>Knows every rate, every coupling and the modulator of each trial.</summary>
    public static Decoder MaximumLikelihood(Population population, double sigma)
    {
        var informative = Informative(population);
        return new(
            [.. population.LogRatios.Select(w => (float)w)],
            m => informative.Sum(j => (population.First[j] - population.Second[j]) * population.Gain(j, m, sigma))
        );
    }

    /// <summary>
    /// Weights by how much a neuron's count goes with the modulator, signs by which stimulus it prefers.
    /// </summary>
    /// <param name="labels">From trials of which the stimulus need not be known.</param>
    public static Decoder ModulatorGuided(
        Comodulation labels,
        Preference preference,
        Trials training,
        Guidance guidance
    ) =>
        Between(
            [
                .. preference.Signs.Select(
                    (sign, j) =>
                        (float)(
                            sign
                            * guidance switch
                            {
                                Guidance.Covariance => labels.Covariances[j],
                                Guidance.Rectified => Math.Max(labels.Covariances[j], 0)
                                    / Math.Max(labels.Means[j], 1e-9),
                                _ => labels.Covariances[j] / Math.Max(labels.Means[j], 1e-9),
                            }
                        )
                ),
            ],
            training
        );

    /// <summary>
    /// As in the authors' code: the covariance about zero over the known mean rate, and a threshold that knows rates,
    /// couplings and modulator.
    /// </summary>
    public static Decoder Informed(Comodulation labels, Preference preference, Population population, double sigma)
    {
        var (informative, ratios, signs) = (Informative(population), population.LogRatios, preference.Signs);
        var weights = signs.Select(
            (sign, j) =>
                (float)(sign * labels.Products[j] / (sigma * sigma * (population.First[j] + population.Second[j]) / 2))
        );
        var (plus, minus) = (MeanDifference(1), MeanDifference(-1));
        return new(
            [.. weights],
            m =>
                informative.Sum(j =>
                    population.Gain(j, m, sigma)
                    * Math.Sign(ratios[j])
                    * (
                        signs[j] > 0 ? plus
                        : signs[j] < 0 ? minus
                        : 0
                    )
                )
        );

        double MeanDifference(int sign) =>
            informative.Where(j => signs[j] == sign).Sum(j => Math.Abs(population.First[j] - population.Second[j]))
            / (informative.Length / 2.0);
    }

    /// <summary>Weights by a neuron's mean count.</summary>
    public static Decoder RateGuided(Preference preference, Trials training) =>
        Between([.. preference.Signs.Zip(preference.Means, (sign, mean) => (float)(sign * mean))], training);

    /// <summary>Every neuron counts the same.</summary>
    public static Decoder SignOnly(Preference preference, Trials training) =>
        Between([.. preference.Signs.Select(sign => (float)sign)], training);

    /// <summary>Weights from counts and stimuli alone.</summary>
    /// <param name="c">Inverse strength of the L2 penalty.</param>
    public static Decoder Regression(Trials training, double c)
    {
        var (weights, intercept) = LogisticRegression.Fit(training, c);
        return new(weights, _ => -intercept);
    }

    /// <summary>The threshold half-way between the means of the projected trials of the two stimuli.</summary>
    private static Decoder Between(float[] weights, Trials training)
    {
        var decoder = new Decoder(weights, _ => 0);
        var sums = (First: 0.0, Second: 0.0);
        for (var t = 0; t < training.Count; t++)
        {
            var projection = decoder.Project(training.Counts[t]);
            if (Trials.IsFirst(t))
                sums.First += projection;
            else
                sums.Second += projection;
        }
        var threshold = (sums.First + sums.Second) / training.Count;
        return decoder with { Threshold = _ => threshold };
    }

    private static int[] Informative(Population population) =>
        [.. Enumerable.Range(0, population.Neurons).Where(j => population.Couplings[j] > 0)];
}
