using System.Globalization;
using ComodCluster.Client.Commands.Plotting;

namespace ComodCluster.Client.Commands.Reproduce.Hierarchy;

/// <summary>
/// Haimerl, Ruff, Cohen, Savin, Simoncelli, Nature Communications 14:7879 (2023), Fig. 5: a pre-trained hierarchy learns a local task among distractors
/// from fewer points when a stochastic modulator labels the units downstream than by deterministic gains, by all weights, or by the readout alone.
/// </summary>
internal sealed class HierarchyReproduction : IReproduction
{
    private const string Points = "points", Weights = "all weights", Readout = "readout only";
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
        (Name(GainArm.Comodulation), "#2f9e8f"), (Name(GainArm.Gain), "#e08e2b"), (Name(GainArm.Shuffled), "#8a94a6"), (Name(GainArm.Rate), "#4f7fc9"),
        (Name(GainArm.Difference), "#9a5fb4"), (Name(GainArm.TrainedGain), "#b5892c"), (Name(GainArm.ZeroInput), "#c8553d"),
    ];

    private readonly HierarchySettings _settings;
    private readonly Network _network;
    private readonly Lazy<Stimuli> _stimuli;
    private readonly IReadOnlyDictionary<HiddenLayersLearn, Lazy<(Parameters Weights, (string Learned, double Accuracy)[] Steps)>> _pretrained;

    public HierarchyReproduction(HierarchySettings settings)
    {
        _settings = settings;
        _network = new(settings.Geometry);
        _stimuli = new(() => new(new GaborBank(settings.Geometry, settings.Width, settings.Wavelength), settings));
        _pretrained = Enum.GetValues<HiddenLayersLearn>().ToDictionary(learn => learn, learn => new Lazy<(Parameters, (string, double)[])>(() => Pretraining.Run(_network, _stimuli.Value, settings, learn)));
    }

    public IReadOnlyList<Constant> Constants => _settings.Constants;

    /// <summary>All arms of the first three seeds, which have the three tasks, come first: an interrupted run can be judged.</summary>
    public IReadOnlyList<Cell> Cells =>
    [
        new("pretraining", _settings.PretrainingPoints * _settings.PretrainingEpochs / 16, _ =>
            [.. Pretrained(HiddenLayersLearn.Patterns).Steps.Select(step => new Observation("pretraining", step.Learned, _settings.PretrainingEpochs, 0, step.Accuracy))]),
        .. from seeds in Enumerable.Range(0, _settings.Seeds).Chunk(3) from points in _settings.Points from cell in OfSeeds(seeds, points) select cell,
    ];

    private List<Cell> OfSeeds(int[] seeds, int points)
    {
        var variants = _settings.Variants.Where(variant => variant.Points.Contains(points)).ToArray();
        return
        [
            .. Gains(_settings.Base),
            .. Eights(_settings.Base, all: false),
            .. variants.SelectMany(Gains),
            .. Eights(_settings.Base, all: true),
            .. from variant in variants where variant.OfWeights from all in new[] { false, true } from cell in Eights(variant, all) select cell,
        ];

        IEnumerable<Cell> Gains(HierarchyVariant variant) => seeds.Where(seed => seed < variant.Seeds).Select(seed =>
            new Cell($"{(variant.Name is "" ? "gains" : variant.Name)} {points} {seed}", Steps(points), stop => OfGains(variant, points, seed, stop)));

        IEnumerable<Cell> Eights(HierarchyVariant variant, bool all) => seeds.Where(seed => seed % Tile.Lanes == 0 && seed < variant.Seeds).Select(first =>
            new Cell($"{(variant.Name is "" ? "" : $"{variant.Name}: ")}{(all ? Weights : Readout)} {points} {first}", (all ? 2.5 : 1) * Steps(points), stop => EightSeeds(variant, all, points, first, stop)));
    }

    private (Parameters Weights, (string Learned, double Accuracy)[] Steps) Pretrained(HiddenLayersLearn learn) => _pretrained[learn].Value;

    private double Steps(int points) => points / 4.0 * _settings.Epochs;

    private List<Observation> OfGains(HierarchyVariant variant, int points, int seed, CancellationToken stop)
    {
        var (training, validation, test) = Data(points, seed);
        var runs = new GainRuns(_network, Pretrained(variant.Learn).Weights, _settings, variant, training, validation, test, new(seed, 4));
        return [.. EarlyStopping.Train(runs, variant.KeptBy, _settings, stop).SelectMany(result => Enum.GetValues<GainArm>().Select(arm =>
            new Observation(Study(variant, result.Epochs), Name(arm), points, seed, result.Accuracy[(int)arm])))];
    }

    /// <param name="first">Of the seeds.</param>
    private List<Observation> EightSeeds(HierarchyVariant variant, bool all, int points, int first, CancellationToken stop)
    {
        int[] seeds = [.. Enumerable.Range(first, Tile.Lanes)];
        var data = seeds.Select(seed => Data(points, seed)).ToArray();
        var runs = new WeightRuns(_network, Pretrained(variant.Learn).Weights, _settings, all,
            [.. data.Select(d => d.Training)], [.. data.Select(d => d.Validation)], [.. data.Select(d => d.Test)]);
        return [.. EarlyStopping.Train(runs, variant.KeptBy, _settings, stop).SelectMany(result => seeds.Select((seed, lane) =>
            new Observation(Study(variant, result.Epochs), all ? Weights : Readout, points, seed, result.Accuracy[lane])))];
    }

    private string Study(HierarchyVariant variant, int epochs) => $"{(variant.Name is "" ? Points : variant.Name)}{(epochs == _settings.Epochs ? "" : $"; {epochs} epochs")}";

    private (Samples Training, Samples Validation, Samples Test) Data(int points, int seed)
    {
        var task = HierarchySettings.TaskOf(seed);
        var distractors = _stimuli.Value.Distractors(task, new(seed, 1));
        // More points contain fewer.
        var all = _stimuli.Value.OfTask(task, distractors, _settings.Points.Max(), new(seed, 2));
        var training = (points / Tile.Batch + 1) / 2 * Tile.Batch;
        return (all.Range(0, training), all.Range(training, points), _stimuli.Value.OfTask(task, distractors, _settings.TestPoints, new(seed, 3)));
    }

    public Conclusion Conclude(IReadOnlyList<Observation> observations)
    {
        var rows = ResultRow.Of(observations).Where(row => row.Study == Points).ToArray();
        return new(
        [
            .. Methods.Select(method => Near(method.Arm, method.Published, rows)),
            Order(rows),
        ],
        [
            .. Enum.GetValues<GainArm>().Where(arm => arm != GainArm.Comodulation).Select(arm =>
                $"Comodulation minus {Name(arm)}: {string.Join("; ", _settings.Points.Select(points => $"{points} points {Difference(observations, GainArm.Comodulation, arm, points)}"))}."),
            .. from variant in _settings.Variants from points in variant.Points select Arms(observations, variant, points),
            "The published network's hidden layers learned MNIST digits; here they learned single patterns.",
        ],
        new Dictionary<string, LinePlot>
        {
            ["methods"] = new("Local task among distractors", "labelled points", "accuracy (share of test points)", 0, 1,
            [
                .. Methods.Select(method => Line(method.Arm, method.Color, rows)),
                .. Methods.Select(method => new PlotLine("", method.Color, [.. method.Published.Select(point => ((double)point.Points, new Spread(point.Accuracy, point.Accuracy, point.Accuracy)))]) { Dashed = true }),
            ]),
            ["controls"] = new("Controls", "labelled points", "accuracy (share of test points)", 0, 1, [.. Controls.Select(control => Line(control.Arm, control.Color, rows))]),
        }.Where(plot => plot.Value.Lines.Any(line => line.Points.Count > 0)).ToDictionary());
    }

    private static Criterion Near(string arm, (int Points, double Accuracy)[] published, ResultRow[] rows)
    {
        var found = published.Select(cell => (cell.Points, cell.Accuracy, Row: rows.FirstOrDefault(row => row.Arm == arm && row.X == cell.Points))).ToArray();
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{arm} within 5 points of {string.Join(", ", published.Select(cell => $"{cell.Accuracy:0.00} after {cell.Points}"))}."),
            found.All(cell => cell.Row is { } row && Math.Abs(row.Mean - cell.Accuracy) <= Margin),
            string.Join(", ", found.Select(cell => cell.Row is { } row
                ? string.Create(CultureInfo.InvariantCulture, $"{row.Mean:0.000} ({row.Low:0.000} to {row.High:0.000}) after {cell.Points}")
                : $"nothing after {cell.Points}")) + ".");
    }

    private static Criterion Order(ResultRow[] rows)
    {
        var found = Methods[0].Published.Select(cell => (cell.Points, Means: Methods.SelectMany(method => rows.Where(row => row.Arm == method.Arm && row.X == cell.Points)).Select(row => row.Mean).ToArray())).ToArray();
        var missing = found.Where(at => at.Means.Length < Methods.Length).Select(at => at.Points).ToArray();
        var wrong = found.Where(at => !at.Means.SequenceEqual(at.Means.OrderDescending())).Select(at => at.Points).ToArray();
        return new("In the published order: comodulation, deterministic gain, all weights, readout only.", missing.Length == 0 && wrong.Length == 0,
            missing.Length > 0 ? $"not all were run at {string.Join(" and ", missing)} points." : wrong.Length == 0 ? "so it is." : $"not after {string.Join(" and ", wrong)} points.");
    }

    private static string Difference(IReadOnlyList<Observation> observations, GainArm first, GainArm second, int points)
    {
        var ofPoints = observations.Where(o => o.Study == Points && o.X == points).ToArray();
        double[] differences = [.. ofPoints.Where(o => o.Arm == Name(first)).Join(ofPoints.Where(o => o.Arm == Name(second)), a => a.Seed, b => b.Seed, (a, b) => a.Value - b.Value)];
        if (differences.Length == 0) return "not run";
        var spread = Interval.OfMean(differences);
        return string.Create(CultureInfo.InvariantCulture, $"{100 * spread.Mean:+0.0;-0.0} ({100 * spread.Low:+0.0;-0.0} to {100 * spread.High:+0.0;-0.0})");
    }

    /// <summary>Mean accuracies of all arms under another training, and, in brackets, of the same seeds under the usual one.</summary>
    private static string Arms(IReadOnlyList<Observation> observations, HierarchyVariant variant, int points)
    {
        var seeds = observations.Where(o => o.Study == variant.Name && o.X == points).Select(o => o.Seed).ToHashSet();
        if (seeds.Count == 0) return $"Variant {variant.Name}, {points} points: not run.";
        return $"Variant {variant.Name}, {points} points, {seeds.Count} seeds: " + string.Join(", ", Enum.GetValues<GainArm>().Select(arm =>
            string.Create(CultureInfo.InvariantCulture, $"{Name(arm)} {Mean(variant.Name, arm):0.000} ({Mean(Points, arm):0.000})"))) + ".";

        double Mean(string study, GainArm arm) => observations
            .Where(o => o.Study == study && o.Arm == Name(arm) && o.X == points && seeds.Contains(o.Seed)).Select(o => o.Value).DefaultIfEmpty(double.NaN).Average();
    }

    private static PlotLine Line(string arm, string color, ResultRow[] rows) =>
        new(arm, color, [.. rows.Where(row => row.Arm == arm).OrderBy(row => row.X).Select(row => (row.X, new Spread(row.Mean, row.Low, row.High)))]);

    private static string Name(GainArm arm) => arm switch
    {
        GainArm.Comodulation => "comodulation",
        GainArm.Gain => "deterministic gain",
        GainArm.TrainedGain => "trained gain",
        GainArm.ZeroInput => "zero input",
        _ => arm.ToString().ToLowerInvariant(),
    };
}
