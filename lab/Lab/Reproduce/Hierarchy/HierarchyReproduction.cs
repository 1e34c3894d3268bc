using System.Globalization;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>
/// Haimerl, Ruff, Cohen, Savin, Simoncelli, Nature Communications 14:7879 (2023), Fig. 5: a pre-trained hierarchy
/// learns a local task among distractors from fewer points when a stochastic modulator labels the units downstream than
/// by deterministic gains, by all weights, or by the readout alone.
/// </summary>
internal sealed class HierarchyReproduction : IReproduction
{
    private const string Points = "points",
        Weights = "all weights",
        Readout = "readout only";
    private const double Margin = 0.05;

    private static readonly (string Arm, string Color, (int Points, double Accuracy)[] Published)[] Methods =
    [
        (Name(GainArm.Comodulation), "#2f9e8f", [(100, 0.74), (200, 0.94), (300, 0.97)]),
        (Name(GainArm.Gain), "#e08e2b", [(100, 0.60), (200, 0.80), (300, 0.91)]),
        (Weights, "#c8553d", [(100, 0.55), (200, 0.63), (300, 0.79)]),
        (Readout, "#8a94a6", [(100, 0.54), (200, 0.60), (300, 0.70)]),
    ];

    private static readonly (string Arm, string Color)[] Controls =
    [
        (Name(GainArm.Comodulation), "#2f9e8f"),
        (Name(GainArm.Gain), "#e08e2b"),
        (Name(GainArm.Shuffled), "#8a94a6"),
        (Name(GainArm.Rate), "#4f7fc9"),
        (Name(GainArm.Difference), "#9a5fb4"),
        (Name(GainArm.TrainedGain), "#b5892c"),
        (Name(GainArm.ZeroInput), "#c8553d"),
    ];

    private readonly HierarchySettings _settings;
    private readonly Network _network;
    private readonly Lazy<Stimuli> _stimuli;
    private readonly IReadOnlyDictionary<
        HiddenLayersLearn,
        Lazy<(Parameters Weights, (string Learned, double Accuracy)[] Steps)>
    > _pretrained;

    public HierarchyReproduction(HierarchySettings settings)
    {
        _settings = settings;
        _network = new(settings.Geometry);
        _stimuli = new(() => new(new GaborBank(settings.Geometry, settings.Width, settings.Wavelength), settings));
        _pretrained = Enum.GetValues<HiddenLayersLearn>()
            .ToDictionary(
                learn => learn,
                learn => new Lazy<(Parameters, (string, double)[])>(() =>
                    Pretraining.Run(_network, _stimuli.Value, settings, learn)
                )
            );
    }

    public IReadOnlyList<Constant> Constants => _settings.Constants;

    /// <summary>
    /// All arms of the first three seeds, which have the three tasks, come first: an interrupted run can be judged.
    /// </summary>
    public IReadOnlyList<Cell> Cells =>
        [
            Pretrain(
                "pretraining",
                HiddenLayersLearn.Patterns,
                _settings.PretrainingPoints * _settings.PretrainingEpochs / 16
            ),
            Pretrain(
                "pretraining on digits",
                HiddenLayersLearn.Digits,
                (_settings.Digits * _settings.DigitsEpochs + _settings.Patterns * _settings.PatternsEpochs) / 32
            ),
            .. from seeds in Enumerable.Range(0, _settings.Seeds).Chunk(3)
            from points in _settings.Points
            from cell in OfSeeds(seeds, points)
            select cell,
        ];

    private Cell Pretrain(string name, HiddenLayersLearn learn, double work) =>
        new(
            name,
            work,
            _ => [.. Pretrained(learn).Steps.Select(step => new Observation(name, step.Learned, 0, 0, step.Accuracy))]
        );

    private List<Cell> OfSeeds(int[] seeds, int points)
    {
        HierarchyVariant[] variants =
        [
            _settings.Base,
            .. _settings.Variants.Where(variant => variant.Points.Contains(points)),
        ];
        return
        [
            .. variants.SelectMany(Gains),
            .. from variant in variants
            where variant.OfWeights
            from all in new[] { false, true }
            from cell in Eights(variant, all)
            select cell,
        ];

        IEnumerable<Cell> Gains(HierarchyVariant variant) =>
            seeds
                .Where(seed => seed < variant.Seeds)
                .Select(seed => new Cell(
                    $"{(variant == _settings.Base ? "gains" : variant.Name)} {points} {seed}",
                    Steps(points),
                    stop => OfGains(variant, points, seed, stop)
                ));

        IEnumerable<Cell> Eights(HierarchyVariant variant, bool all) =>
            seeds
                .Where(seed => seed % Tile.Lanes == 0 && seed < variant.Seeds)
                .Select(first => new Cell(
                    $"{(variant == _settings.Base ? "" : $"{variant.Name}: ")}{(all ? Weights : Readout)} {points} "
                        + $"{first}",
                    (all ? 2.5 : 1) * Steps(points),
                    stop => EightSeeds(variant, all, points, first, stop)
                ));
    }

    private (Parameters Weights, (string Learned, double Accuracy)[] Steps) Pretrained(HiddenLayersLearn learn) =>
        _pretrained[learn].Value;

    private double Steps(int points) => points / 4.0 * _settings.Epochs;

    private List<Observation> OfGains(HierarchyVariant variant, int points, int seed, CancellationToken stop)
    {
        var (training, validation, test) = Data(points, seed);
        var runs = new GainRuns(
            _network,
            Pretrained(variant.Learn).Weights,
            _settings,
            variant,
            training,
            validation,
            test,
            new(seed, 4)
        );
        return
        [
            .. EarlyStopping
                .Train(runs, variant.KeptBy, _settings, stop)
                .SelectMany(result =>
                    Enum.GetValues<GainArm>()
                        .Select(arm => new Observation(
                            Study(variant, result.Epochs),
                            Name(arm),
                            points,
                            seed,
                            result.Accuracy[(int)arm]
                        ))
                ),
        ];
    }

    /// <param name="first">First of the eight seeds.</param>
    private List<Observation> EightSeeds(
        HierarchyVariant variant,
        bool all,
        int points,
        int first,
        CancellationToken stop
    )
    {
        int[] seeds = [.. Enumerable.Range(first, Tile.Lanes)];
        var data = seeds.Select(seed => Data(points, seed)).ToArray();
        var runs = new WeightRuns(
            _network,
            Pretrained(variant.Learn).Weights,
            _settings,
            all,
            [.. data.Select(d => d.Training)],
            [.. data.Select(d => d.Validation)],
            [.. data.Select(d => d.Test)]
        );
        return
        [
            .. EarlyStopping
                .Train(runs, variant.KeptBy, _settings, stop)
                .SelectMany(result =>
                    seeds.Select(
                        (seed, lane) =>
                            new Observation(
                                Study(variant, result.Epochs),
                                all ? Weights : Readout,
                                points,
                                seed,
                                result.Accuracy[lane]
                            )
                    )
                ),
        ];
    }

    private string Study(HierarchyVariant variant, int epochs) =>
        $"{StudyOf(variant)}{(epochs == _settings.Epochs ? "" : $"; {epochs} epochs")}";

    private string StudyOf(HierarchyVariant variant) => variant == _settings.Base ? Points : variant.Name;

    private (Samples Training, Samples Validation, Samples Test) Data(int points, int seed)
    {
        var task = HierarchySettings.TaskOf(seed);
        var distractors = _stimuli.Value.Distractors(task, new(seed, 1));
        // More points contain fewer.
        var all = _stimuli.Value.OfTask(task, distractors, _settings.Points.Max(), new(seed, 2));
        var training = (points / Tile.Batch + 1) / 2 * Tile.Batch;
        return (
            all.Range(0, training),
            all.Range(training, points),
            _stimuli.Value.OfTask(task, distractors, _settings.TestPoints, new(seed, 3))
        );
    }

    public Conclusion Conclude(IReadOnlyList<Observation> observations)
    {
        var rows = ResultRow.Of(observations);
        HierarchyVariant[] full =
        [
            _settings.Base,
            .. _settings.Variants.Where(variant =>
                _settings.Points.All(variant.Points.Contains) && rows.Any(row => row.Study == StudyOf(variant))
            ),
        ];
        return new(
            [
                .. full.SelectMany(variant =>
                    Methods
                        .Where(method => variant.OfWeights || !OfWeights(method.Arm))
                        .Select(method => Near(variant, method.Arm, method.Published, rows))
                ),
                .. full.Select(variant => Order(variant, rows)),
                .. full.Select(variant => Ahead(observations, variant)),
            ],
            [
                .. from variant in full
                from arm in Enum.GetValues<GainArm>()
                where arm != GainArm.Comodulation
                select $"{Prefix(variant)}Comodulation minus {Name(arm)}: "
                    + string.Join(
                        "; ",
                        from points in _settings.Points.Order()
                        let difference = Difference(observations, variant, arm, points)
                        select $"{points} points {Paired.Points(difference)}"
                    )
                    + ".",
                .. from variant in _settings.Variants
                from points in variant.Points
                select Arms(observations, variant, points),
            ],
            full.SelectMany(variant =>
                    new (string Name, LinePlot Plot)[]
                    {
                        (
                            PlotName("methods", variant),
                            new(
                                $"Local task among distractors{(variant == _settings.Base ? "" : $", {variant.Name}")}",
                                "labelled points",
                                "accuracy (share of test points)",
                                0,
                                1,
                                [
                                    .. Methods.Select(method => Line(variant, method.Arm, method.Color, rows)),
                                    .. Methods.Select(method => new PlotLine(
                                        "",
                                        method.Color,
                                        [
                                            .. method.Published.Select(point =>
                                                (
                                                    (double)point.Points,
                                                    new Spread(point.Accuracy, point.Accuracy, point.Accuracy)
                                                )
                                            ),
                                        ]
                                    )
                                    {
                                        Dashed = true,
                                    }),
                                ]
                            )
                        ),
                        (
                            PlotName("controls", variant),
                            new(
                                $"Controls{(variant == _settings.Base ? "" : $", {variant.Name}")}",
                                "labelled points",
                                "accuracy (share of test points)",
                                0,
                                1,
                                [.. Controls.Select(control => Line(variant, control.Arm, control.Color, rows))]
                            )
                        ),
                    }
                )
                .Where(plot => plot.Plot.Lines.Any(line => line.Points.Count > 0))
                .ToDictionary(plot => plot.Name, plot => plot.Plot)
        );

        string PlotName(string name, HierarchyVariant variant) =>
            variant == _settings.Base ? name : $"{name}-{Slug.Of(variant.Name)}";
    }

    private Criterion Near(
        HierarchyVariant variant,
        string arm,
        (int Points, double Accuracy)[] published,
        IReadOnlyList<ResultRow> rows
    )
    {
        var found = published
            .Select(cell => (cell.Points, cell.Accuracy, Row: Row(variant, arm, cell.Points, rows)))
            .ToArray();
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix(variant)}{arm} within 5 points of "
                    + $"{string.Join(", ", published.Select(cell => $"{cell.Accuracy:0.00} after {cell.Points}"))}."
            ),
            found.All(cell => cell.Row is { } row && Math.Abs(row.Mean - cell.Accuracy) <= Margin),
            string.Join(
                ", ",
                found.Select(cell =>
                    cell.Row is { } row
                        ? string.Create(
                            CultureInfo.InvariantCulture,
                            $"{row.Mean:0.000} ({row.Low:0.000} to {row.High:0.000}) after {cell.Points}"
                        )
                        : $"nothing after {cell.Points}"
                )
            ) + "."
        );
    }

    private Criterion Order(HierarchyVariant variant, IReadOnlyList<ResultRow> rows)
    {
        var found = Methods[0]
            .Published.Select(cell =>
                (
                    cell.Points,
                    Means: Methods
                        .Select(method => Row(variant, method.Arm, cell.Points, rows)?.Mean)
                        .OfType<double>()
                        .ToArray()
                )
            )
            .ToArray();
        var missing = found.Where(at => at.Means.Length < Methods.Length).Select(at => at.Points).ToArray();
        var wrong = found
            .Where(at => !at.Means.SequenceEqual(at.Means.OrderDescending()))
            .Select(at => at.Points)
            .ToArray();
        return new(
            $"{Prefix(variant)}In the published order: comodulation, deterministic gain, all weights, readout only.",
            missing.Length == 0 && wrong.Length == 0,
            missing.Length > 0 ? $"not all were run at {string.Join(" and ", missing)} points."
                : wrong.Length == 0 ? "so it is."
                : $"not after {string.Join(" and ", wrong)} points."
        );
    }

    private string Prefix(HierarchyVariant variant) => variant == _settings.Base ? "" : $"With {variant.Name}: ";

    private ResultRow? Row(HierarchyVariant variant, string arm, int points, IReadOnlyList<ResultRow> rows) =>
        RowsOf(variant, arm, rows).FirstOrDefault(row => row.X == points);

    /// <summary>Weights are the same under every training of couplings, unless their network is another.</summary>
    private IEnumerable<ResultRow> RowsOf(HierarchyVariant variant, string arm, IReadOnlyList<ResultRow> rows) =>
        rows.Where(row =>
            row.Arm == arm && row.Study == StudyOf(OfWeights(arm) && !variant.OfWeights ? _settings.Base : variant)
        );

    private static bool OfWeights(string arm) => arm is Weights or Readout;

    private Criterion Ahead(IReadOnlyList<Observation> observations, HierarchyVariant variant)
    {
        var found = _settings
            .Points.Order()
            .Select(points => (Points: points, Difference: Difference(observations, variant, GainArm.Gain, points)))
            .ToArray();
        return new(
            $"{Prefix(variant)}Comodulation is better than deterministic gain after "
                + $"{string.Join(", ", found.Select(at => at.Points))} points, every interval above 0.",
            found.All(at => at.Difference is { Low: > 0 }),
            string.Join(", ", found.Select(at => $"{Paired.Points(at.Difference)} after {at.Points}")) + "."
        );
    }

    private Spread? Difference(
        IReadOnlyList<Observation> observations,
        HierarchyVariant variant,
        GainArm other,
        int points
    )
    {
        return Paired.Difference(Of(GainArm.Comodulation), Of(other));

        IEnumerable<Observation> Of(GainArm arm) =>
            observations.Where(o => o.Study == StudyOf(variant) && o.X == points && o.Arm == Name(arm));
    }

    /// <summary>
    /// Mean accuracies of all arms under another training, and, in brackets, of the same seeds under the usual one.
    /// </summary>
    private static string Arms(IReadOnlyList<Observation> observations, HierarchyVariant variant, int points)
    {
        var there = observations.Where(o => o.Study == variant.Name && o.X == points).ToArray();
        if (there.Length == 0)
            return $"Variant {variant.Name}, {points} points: not run.";
        var seeds = there.Where(o => o.Arm is not (Weights or Readout)).Select(o => o.Seed).ToHashSet();
        return $"Variant {variant.Name}, {points} points, {seeds.Count} seeds: "
            + string.Join(
                ", ",
                there
                    .Select(o => o.Arm)
                    .Distinct()
                    .Select(arm =>
                    {
                        var ofArm = there.Where(o => o.Arm == arm).ToArray();
                        var usual = observations
                            .Where(o =>
                                o.Study == Points
                                && o.Arm == arm
                                && o.X == points
                                && ofArm.Any(other => other.Seed == o.Seed)
                            )
                            .Select(o => o.Value)
                            .DefaultIfEmpty(double.NaN)
                            .Average();
                        return string.Create(
                            CultureInfo.InvariantCulture,
                            $"{arm} {ofArm.Average(o => o.Value):0.000} ({usual:0.000})"
                        );
                    })
            )
            + ".";
    }

    private PlotLine Line(HierarchyVariant variant, string arm, string color, IReadOnlyList<ResultRow> rows) =>
        new(
            arm,
            color,
            [
                .. RowsOf(variant, arm, rows)
                    .OrderBy(row => row.X)
                    .Select(row => (row.X, new Spread(row.Mean, row.Low, row.High))),
            ]
        );

    private static string Name(GainArm arm) =>
        arm switch
        {
            GainArm.Comodulation => "comodulation",
            GainArm.Gain => "deterministic gain",
            GainArm.TrainedGain => "trained gain",
            GainArm.ZeroInput => "zero input",
            _ => arm.ToString().ToLowerInvariant(),
        };
}
