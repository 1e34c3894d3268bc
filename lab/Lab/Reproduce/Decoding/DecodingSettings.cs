using System.Globalization;
using ComodCluster.Infrastructure.Journals;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>The simulated population, its task, and what is measured.</summary>
internal sealed record DecodingSettings
{
    private const string Code = "public code of the authors, Fig3";

    public int Seeds { get; init; } = 50;

    /// <summary>Neurons in all.</summary>
    public int Neurons { get; init; } = 1000;

    /// <summary>Neurons with a high rate, the informative ones among them.</summary>
    public int Active { get; init; } = 50;

    /// <summary>Neurons whose rate differs between the stimuli: half of them prefer either.</summary>
    public int Informative { get; init; } = 12;

    /// <summary>Standard deviation of the modulator, except where it is the x axis.</summary>
    public double Sigma { get; init; } = 2;

    /// <summary>The inverse of the strength of the L2 penalty in the regression.</summary>
    public double RegressionC { get; init; } = 1;

    public Guidance Guidance { get; init; }

    /// <summary>Values of the modulator within a trial.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>
    /// Further trials without labels from which the covariance is known; 0: it is learned from the training trials.
    /// </summary>
    public int UnlabelledTrials { get; init; }

    /// <summary>
    /// Which stimulus each informative neuron prefers is known beforehand; for the others it is learned, so that nobody
    /// knows which are informative.
    /// </summary>
    public bool SignsKnown { get; init; }

    /// <summary>Training trials of the learning curve, ascending and even: half of them of each stimulus.</summary>
    public IReadOnlyList<int> TrialCounts { get; init; } =
    [2, 4, 6, 8, 10, 14, 20, 30, 40, 60, 80, 100, 150, 200, 300, 500];

    /// <summary>Those of the variants.</summary>
    public IReadOnlyList<int> VariantTrialCounts { get; init; } = [10, 20, 30, 40, 60, 100, 200];
    public int TestTrials { get; init; } = 500;
    public IReadOnlyList<double> Strengths { get; init; } =
    [.. Enumerable.Range(0, 9).Select(i => Math.Pow(10, -1 + 0.25 * i))];

    /// <summary>Training trials of the curve over strengths.</summary>
    public int StrengthTrials { get; init; } = 2000;

    /// <summary>Settings that publication or code leave open, each changed alone.</summary>
    public IReadOnlyList<DecodingVariant> Variants { get; init; } =
    [
        new("50 neurons", settings => settings with { Neurons = 50 }),
        new("200 neurons", settings => settings with { Neurons = 200 }),
        new("5000 neurons", settings => settings with { Neurons = 5000 }),
        new("24 informative neurons", settings => settings with { Informative = 24 }),
        new("sigma 0.5", settings => settings with { Sigma = 0.5 }),
        new("sigma 1", settings => settings with { Sigma = 1 }),
        new("sigma 4", settings => settings with { Sigma = 4 }),
        new("regression C 0.0001", settings => settings with { RegressionC = 1e-4 }),
        new("regression C 0.01", settings => settings with { RegressionC = 0.01 }),
        new("regression C 100", settings => settings with { RegressionC = 100 }),
        new("weights by covariance", settings => settings with { Guidance = Guidance.Covariance }),
        new("negative covariances cut", settings => settings with { Guidance = Guidance.Rectified }),
        new("10 modulator values in a trial", settings => settings with { Parts = 10 }),
        new(
            "10 modulator values in a trial and negative covariances cut",
            settings => settings with { Parts = 10, Guidance = Guidance.Rectified }
        ),
        new("covariance from 1000 trials without labels", settings => settings with { UnlabelledTrials = 1000 }),
        new("signs of the informative neurons known", settings => settings with { SignsKnown = true }),
        new(
            "signs known and covariance from 1000 trials without labels",
            settings => settings with { SignsKnown = true, UnlabelledTrials = 1000 }
        ),
        new("modulator-guided as in the code", settings => settings with { Guidance = Guidance.Informed }),
    ];

    public static DecodingSettings Full { get; } = new();

    public static DecodingSettings Quick { get; } =
        new()
        {
            Seeds = 6,
            TrialCounts = [4, 10, 30, 60, 150],
            VariantTrialCounts = [10, 30, 60],
            TestTrials = 200,
            Strengths = [0.1, 1, 10],
            StrengthTrials = 200,
            Variants = [new("50 neurons", settings => settings with { Neurons = 50 })],
        };

    public IReadOnlyList<Constant> Constants =>
        [
            new("revision of the simulation", "1", Constant.Chosen),
            new("neurons", Text(Neurons), $"{Code}: Fig2A, learning of signs; Fig3A has 5000"),
            new("active neurons", Text(Active), Code),
            new("informative neurons", Text(Informative), $"{Code}: twice 6"),
            new(
                "log rate of active neurons",
                $"{Population.ActiveOffset} to {Population.ActiveOffset + Population.ActiveSpread}",
                $"{Code}: uniform"
            ),
            new("log rate of inactive neurons", $"0 to {Population.InactiveSpread}", $"{Code}: uniform"),
            new(
                "log rate of informative neurons",
                $"times {Population.Up} for the preferred stimulus and times {Population.Down} for the other",
                Code
            ),
            new("couplings", "absolute value of the maximum-likelihood weight", $"{Code}: beta 0"),
            new(
                "modulator",
                $"normal about 0; {Text(Parts)} value for each trial; its effect on the mean rate is divided out",
                $"{Code}: resol and mean_out"
            ),
            new("sigma", Text(Sigma), $"{Code}: Fig3C"),
            new("largest rate", Text(Population.LargestRate), Code),
            new(
                "modulator-guided",
                "covariance over mean count; signs from the difference of the stimuli's means; threshold half-way "
                    + "between the projected means",
                "covariance and signs as in the code; all learned from the same trials: chosen here"
            ),
            new("thresholds of rate-guided and sign-only", "half-way between the projected means", Constant.Chosen),
            new("threshold of maximum likelihood", "knows rates and modulator", $"{Code}: MC-ML"),
            new(
                "regression",
                $"logistic; L2 with C {Text(RegressionC)}; intercept not penalised",
                "the default of scikit-learn, which the code imports; chosen here"
            ),
            new("training trials", string.Join(' ', TrialCounts), Constant.Chosen),
            new(
                "strengths",
                string.Join(' ', Strengths.Select(Text)),
                $"range as in the code: Fig3A; steps {Constant.Chosen}"
            ),
            new(
                "training trials of the curve over strengths",
                Text(StrengthTrials),
                "2 for each neuron, as in the code: Fig3A has 9990 for 5000"
            ),
            new("test trials", Text(TestTrials), Constant.Chosen),
            new("seeds", $"0 to {Seeds - 1}", Constant.Chosen),
            new("variants", string.Join("; ", Variants.Select(variant => variant.Name)), Constant.Chosen),
            new("training trials of the variants", string.Join(' ', VariantTrialCounts), Constant.Chosen),
        ];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
