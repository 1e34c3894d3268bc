using System.Globalization;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>
/// Haimerl, Savin, Simoncelli, NeurIPS 2019: a decoder that weights neurons by how they go with a shared modulator
/// learns from few trials, where a regression that has to find the informative neurons needs many.
/// </summary>
internal sealed class DecodingReproduction(DecodingSettings settings) : IReproduction
{
    private const string Guided = "modulator-guided",
        Likelihood = "maximum likelihood",
        Rate = "rate-guided",
        Sign = "sign-only",
        Regression = "regression";
    private const string Trials = "trials",
        Strength = "strength",
        Variation = "variant: ";

    /// <summary>Where a published curve is read, in training trials.</summary>
    private const int Early = 10,
        Late = 60;

    private static readonly (string Name, string Color)[] Arms =
    [
        (Likelihood, "#8a94a6"),
        (Guided, "#2f9e8f"),
        (Regression, "#c8553d"),
        (Rate, "#4f7fc9"),
        (Sign, "#b5892c"),
    ];

    public IReadOnlyList<Constant> Constants => settings.Constants;

    public IReadOnlyList<Cell> Cells =>
        [
            .. Seeds.Select(seed => new Cell($"{Trials} {seed}", 3, stop => Learn(seed, stop))),
            .. Seeds.Select(seed => new Cell(
                $"{Strength} {seed}",
                2.0 * settings.Strengths.Count,
                stop => Strengthen(seed, stop)
            )),
            .. settings.Variants.SelectMany(variant =>
                Seeds.Select(seed => new Cell(
                    $"{Variation}{variant.Name} {seed}",
                    3.0
                        * variant.Change(settings).Neurons
                        / settings.Neurons
                        * Math.Sqrt(variant.Change(settings).Parts),
                    stop =>
                        Vary(
                            variant,
                            variant.Change(settings) with
                            {
                                TrialCounts = settings.VariantTrialCounts,
                            },
                            seed,
                            stop
                        )
                ))
            ),
        ];

    private IEnumerable<int> Seeds => Enumerable.Range(0, settings.Seeds);

    /// <summary>Accuracy of all decoders after more and more of the same training trials.</summary>
    private List<Observation> Learn(int seed, CancellationToken stop)
    {
        var (population, training, test) = Draw(settings, settings.Sigma, settings.TrialCounts[^1], seed);
        return Learn(
            Trials,
            settings,
            seed,
            test,
            count => Five(settings, settings.Sigma, population, training.Take(count)),
            stop
        );
    }

    /// <summary>The same of the two that the crossing is between, in other settings.</summary>
    private static List<Observation> Vary(
        DecodingVariant variant,
        DecodingSettings settings,
        int seed,
        CancellationToken stop
    )
    {
        var (population, training, test) = Draw(settings, settings.Sigma, settings.TrialCounts[^1], seed);
        var unlabelled =
            settings.UnlabelledTrials == 0
                ? null
                : Comodulation.Of(
                    Decoding.Trials.Draw(
                        population,
                        settings.Sigma,
                        settings.UnlabelledTrials,
                        settings.Parts,
                        new(seed, 3)
                    )
                );
        return Learn(
            Variation + variant.Name,
            settings,
            seed,
            test,
            count => Two(settings, settings.Sigma, population, training.Take(count), unlabelled),
            stop
        );
    }

    private static List<Observation> Learn(
        string study,
        DecodingSettings settings,
        int seed,
        Trials test,
        Func<int, IEnumerable<(string Arm, Decoder Decoder)>> decoders,
        CancellationToken stop
    )
    {
        var observations = new List<Observation>();
        foreach (var count in settings.TrialCounts)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var (arm, decoder) in decoders(count))
                observations.Add(new(study, arm, count, seed, decoder.Accuracy(test)));
        }
        return observations;
    }

    /// <summary>Accuracy after many trials under a weaker or stronger modulator, for the same population.</summary>
    private List<Observation> Strengthen(int seed, CancellationToken stop)
    {
        var observations = new List<Observation>();
        foreach (var sigma in settings.Strengths)
        {
            stop.ThrowIfCancellationRequested();
            var (population, training, test) = Draw(settings, sigma, settings.StrengthTrials, seed);
            foreach (var (arm, decoder) in Five(settings, sigma, population, training))
                observations.Add(new(Strength, arm, sigma, seed, decoder.Accuracy(test)));
        }
        return observations;
    }

    private static (Population Population, Trials Training, Trials Test) Draw(
        DecodingSettings settings,
        double sigma,
        int trials,
        int seed
    )
    {
        var population = Population.Draw(settings, new RandomStream(seed, 0));
        return (
            population,
            Decoding.Trials.Draw(population, sigma, trials, settings.Parts, new(seed, 1)),
            Decoding.Trials.Draw(population, sigma, settings.TestTrials, settings.Parts, new(seed, 2))
        );
    }

    /// <param name="unlabelled">What is known of the modulator's effect beforehand.</param>
    private static IEnumerable<(string Arm, Decoder Decoder)> Two(
        DecodingSettings settings,
        double sigma,
        Population population,
        Trials training,
        Comodulation? unlabelled = null
    )
    {
        var (labels, preference) = (unlabelled ?? Comodulation.Of(training), Preference.Of(training));
        if (settings.SignsKnown)
            preference = preference.Knowing(population);
        yield return (
            Guided,
            settings.Guidance == Guidance.Informed
                ? Decoder.Informed(labels, preference, population, sigma)
                : Decoder.ModulatorGuided(labels, preference, training, settings.Guidance)
        );
        yield return (Regression, Decoder.Regression(training, settings.RegressionC));
    }

    private static IEnumerable<(string Arm, Decoder Decoder)> Five(
        DecodingSettings settings,
        double sigma,
        Population population,
        Trials training
    ) =>
        [
            .. Two(settings, sigma, population, training),
            (Likelihood, Decoder.MaximumLikelihood(population, sigma)),
            (Rate, Decoder.RateGuided(Preference.Of(training), training)),
            (Sign, Decoder.SignOnly(Preference.Of(training), training)),
        ];

    public Conclusion Conclude(IReadOnlyList<Observation> observations)
    {
        var studies = observations.Select(o => o.Study).ToHashSet();
        if (!studies.Contains(Trials))
            return new([], ["Nothing has been learned from trials yet."], new Dictionary<string, LinePlot>());
        var (lead, fall) = (LeadAt(observations, Trials, Early), Fall(observations, Trials));
        return new(
            [
                new(
                    $"Modulator-guided decoding is better than regression after {Early} trials.",
                    lead.Low > 0,
                    $"{Course(observations, Trials)}."
                ),
                new(
                    $"Regression overtakes it between {Early} and {Late} trials.",
                    lead.Mean > 0 && fall.Mean <= Late,
                    $"{Course(observations, Trials)}."
                ),
            ],
            [
                .. studies.Contains(Strength) ? new[] { Best(observations) } : [],
                .. settings
                    .Variants.Select(variant => Variation + variant.Name)
                    .Where(studies.Contains)
                    .Select(study => $"{study}: {Course(observations, study)}."),
            ],
            new Dictionary<string, LinePlot>
            {
                [Trials] = Plot(observations, Trials, "Learning from few trials", "training trials"),
                [Strength] = Plot(
                    observations,
                    Strength,
                    $"After {settings.StrengthTrials} trials",
                    "modulator strength (standard deviation of the modulator)"
                ),
            }
                .Where(plot => studies.Contains(plot.Key))
                .ToDictionary()
        );
    }

    /// <summary>
    /// Accuracy of the modulator-guided decoder minus that of the regression, in the same populations.
    /// </summary>
    private static Spread LeadAt(IReadOnlyList<Observation> observations, string study, double x) =>
        Interval.OfMean([.. Leads(observations, study).Select(lead => lead[x])]);

    /// <summary>Where the lead is lost, in trials.</summary>
    private static Spread Fall(IReadOnlyList<Observation> observations, string study) =>
        CrossingOf(observations, study, 1);

    /// <summary>Where the lead is won, in trials.</summary>
    private static Spread Rise(IReadOnlyList<Observation> observations, string study) =>
        CrossingOf(observations, study, -1);

    private static Spread CrossingOf(IReadOnlyList<Observation> observations, string study, int sign) =>
        Interval.Of(
            Leads(observations, study),
            leads =>
                Crossing.Of([
                    .. leads[0]
                        .Keys.Order()
                        .Where(x => x >= Early)
                        .Select(x => (x, sign * leads.Average(lead => lead[x]))),
                ])
        );

    /// <summary>For each seed, by number of trials.</summary>
    private static Dictionary<double, double>[] Leads(IReadOnlyList<Observation> observations, string study) =>
        [
            .. observations
                .Where(o => o.Study == study && o.Arm is Guided or Regression)
                .GroupBy(o => o.Seed)
                .Select(seed =>
                    seed.GroupBy(o => o.X)
                        .ToDictionary(
                            x => x.Key,
                            x =>
                                x.Sum(o =>
                                    o.Arm == Guided ? o.Value
                                    : o.Arm == Regression ? -o.Value
                                    : 0
                                )
                        )
                ),
        ];

    private static string Best(IReadOnlyList<Observation> observations)
    {
        var rows = ResultRow.Of([.. observations.Where(o => o.Study == Strength)]);
        var best = rows.Where(row => row.Arm == Guided).MaxBy(row => row.Mean)!;
        var others = rows.Where(row => row.X == best.X && row.Arm != Guided)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Arm} {row.Mean:0.000}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Modulator-guided decoding is best at strength {best.X:0.##}: {best.Mean:0.000}, where "
                + $"{string.Join(", ", others)}."
        );
    }

    private static LinePlot Plot(IReadOnlyList<Observation> observations, string study, string title, string x)
    {
        var rows = ResultRow.Of([.. observations.Where(o => o.Study == study)]);
        return new(
            title,
            x,
            "accuracy (share of test trials)",
            0.45,
            1,
            [
                .. Arms.Select(arm => new PlotLine(
                    arm.Name,
                    arm.Color,
                    [
                        .. rows.Where(row => row.Arm == arm.Name)
                            .Select(row => (row.X, new Spread(row.Mean, row.Low, row.High))),
                    ]
                )),
            ]
        )
        {
            LogX = true,
        };
    }

    /// <summary>In words: who leads early, and where that changes.</summary>
    private static string Course(IReadOnlyList<Observation> observations, string study)
    {
        var lead = LeadAt(observations, study, Early);
        var (crossing, then) =
            lead.Mean >= 0
                ? (Fall(observations, study), "regression overtakes it")
                : (Rise(observations, study), "it overtakes regression");
        return string.Create(
                CultureInfo.InvariantCulture,
                $"modulator-guided {(lead.Mean >= 0 ? "ahead" : "behind")} by {100 * Math.Abs(lead.Mean):0.0} "
                    + $"points after {Early} trials "
            )
            + string.Create(
                CultureInfo.InvariantCulture,
                $"(difference {100 * lead.Mean:+0.0;-0.0}, 95 % interval {100 * lead.Low:+0.0;-0.0} to "
                    + $"{100 * lead.High:+0.0;-0.0}); "
            )
            + (
                double.IsPositiveInfinity(crossing.Mean)
                    ? $"it stays {(lead.Mean >= 0 ? "ahead" : "behind")}"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{then} at {crossing.Mean:0} trials (95 % interval {crossing.Low:0} to "
                            + $"{(double.IsPositiveInfinity(crossing.High) ? "beyond the last" : $"{crossing.High:0}")})"
                    )
            );
    }
}
