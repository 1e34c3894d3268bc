using System.Globalization;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// Which form of comodulation is best: one factor at a time around the form that is reported, and classes that no
/// backbone knows, all on tuning tasks.
/// </summary>
internal sealed class StudyReproduction(ReproductionOptions options) : ImageReproduction(options)
{
    private const int Examples = 50;

    /// <summary>The engine's default.</summary>
    private const double UsualSigma = 0.1;

    private static readonly Method[] s_default = [Method.Comodulation, Method.Gain, Method.Difference, Method.Readout];
    private static readonly Method[] s_own =
    [
        Method.Readout,
        Method.Gain,
        Method.Comodulation,
        Method.Difference,
        Method.Film,
    ];
    private static readonly Method[] s_ownAtAllSizes = [Method.Readout, Method.Gain, Method.Comodulation];

    /// <summary>Where the decoder gain comes from: what the noise is worth.</summary>
    private static readonly Method[] s_ofFormAndLabels =
    [
        Method.Comodulation,
        Method.Gain,
        Method.Difference,
        Method.TrainedG,
        Method.Shuffled,
        Method.Rate,
    ];
    private static readonly Method[] s_ofForm = [Method.Comodulation, Method.Gain];
    private static readonly string[] s_metrics =
    [
        ImageMetric.Accuracy,
        ImageMetric.Ece,
        "NLL",
        "device-seconds",
        "bytes of state",
    ];

    private IReadOnlyList<ImageTask> Tasks => [.. ImageTasks.Tuning(Own).Take(Quick ? 1 : int.MaxValue)];

    private int OwnSeeds => Quick ? 1 : 3;

    /// <summary>
    /// Numbers of new classes and of examples of each; the first is the default, from which one of both is varied at a
    /// time.
    /// </summary>
    private IReadOnlyList<OwnSize> OwnSizes =>
        Quick ? [new(3, 5)] : [new(5, 20), new(5, 5), new(5, 50), new(2, 20), new(10, 20), new(20, 20)];

    private OwnSize UsualSize => OwnSizes[0];

    private readonly record struct OwnSize(int Classes, int PerClass)
    {
        public int Examples => Classes * PerClass;

        public override string ToString() => $"{Classes} x {PerClass}";
    }

    private IReadOnlyList<StudyFactor> Factors =>
        Quick
            ?
            [
                .. StudyFactor
                    .All.Where(factor => factor.Name == StudyFactor.Amplitude)
                    .Select(factor => factor with { Values = [factor.Values[0]] }),
            ]
            : StudyFactor.All;

    private IReadOnlyList<StudyFactor> OwnFactors => Quick ? [StudyFactor.OfOwnClasses[0]] : StudyFactor.OfOwnClasses;

    /// <summary>The form for new classes that is compared at all numbers of classes and examples.</summary>
    private static StudyValue OwnForm => StudyFactor.TwoLayers;

    private IReadOnlyList<string> Domains =>
        [
            .. OwnSizes
                .OrderBy(size => size.Classes)
                .SelectMany(size => ImageTasks.OwnClasses(Own, size.Classes, 0).Keys)
                .Distinct(),
        ];

    protected override IEnumerable<Constant> OwnConstants =>
        [
            new("tuning tasks", string.Join(' ', Tasks), "classes by number and cell; those of comod demo"),
            new("examples", $"{Examples}", Constant.Chosen) { NamesCells = true },
            new("seed", "0", Constant.Chosen) { NamesCells = true },
            .. SettingsOf(s_default.Concat(s_own).Concat(s_ofFormAndLabels).Distinct()),
            .. Factors.Select(factor => new Constant(
                $"factor {factor.Name}",
                string.Join(", ", factor.Values.Select(value => value.Name)),
                Constant.Chosen
            )
            {
                NamesCells = true,
            }),
            .. OwnFactors.Select(factor => new Constant(
                $"own classes: factor {factor.Name}",
                string.Join(", ", factor.Values.Select(value => value.Name)),
                $"{Constant.Chosen}; {UsualSize.Classes} classes, {UsualSize.PerClass} examples of each, seeds 0 to "
                    + $"{SeedsOf(factor) - 1}"
            )
            {
                NamesCells = true,
            }),
            new(
                "own classes: domains",
                string.Join(", ", Domains),
                $"chosen here: the backbone never saw their classes; without clutter examples are drawn from all "
                    + $"train images, of twice as many classes {TurnedImages.Train} of each; {ImageTasks.AtChance} "
                    + $"is at chance whatever is tried: {UsualSize.Classes} classes and one seed alone"
            )
            {
                NamesCells = true,
            },
            new("own classes: numbers x examples of each", string.Join(", ", OwnSizes), Constant.Chosen)
            {
                NamesCells = true,
            },
            new("own classes: form at all numbers", OwnForm.Name, Constant.Chosen) { NamesCells = true },
            new("own classes: seeds", $"0 to {OwnSeeds - 1}; the station is the seed", Constant.Chosen)
            {
                NamesCells = true,
            },
            OfPretraining,
        ];

    /// <summary>New classes first, seed after seed, then each factor on the tuning tasks.</summary>
    public override IReadOnlyList<Cell> Cells =>
        [
            .. from seed in Enumerable.Range(0, OwnSeeds)
            from cell in (IEnumerable<Cell>)[.. OwnOf(seed), .. OwnFormsOf(seed)]
            select cell,
            .. from trials in Factors.Select(factor => Trials(factor, Examples)).Prepend(Usual)
            from task in Tasks.Select((task, number) => (Task: task, Number: number))
            from cell in CellsOf($"{task.Task}", task.Task, task.Number, 0, Examples, Examples, trials, s_metrics)
            select cell,
        ];

    private IEnumerable<Trial> Usual =>
        s_default.Select(method => new Trial(StudyFactor.Default, method, Options(method)));

    private IEnumerable<Trial> Trials(StudyFactor factor, int examples) =>
        from value in factor.Values
        from method in factor.OfGain ? s_ofForm : [Method.Comodulation]
        select new Trial($"{factor.Name} {value.Name}", method, Short(value.Change(Options(method, examples))))
        {
            Readout = value.Readout,
        };

    private MethodOptions Options(Method method) => Options(method, Examples);

    /// <summary>A factor that sets the steps does not lengthen the quick form.</summary>
    private MethodOptions Short(MethodOptions options) =>
        Quick ? options with { Steps = Options(Method.Comodulation).Steps } : options;

    /// <summary>The form of one layer and <see cref="OwnForm"/> at all numbers of classes and examples.</summary>
    private IEnumerable<Cell> OwnOf(int seed) =>
        from size in OwnSizes
        from domain in ImageTasks.OwnClasses(Own, size.Classes, seed)
        where domain.Key != ImageTasks.AtChance || (size.Classes, seed) == (UsualSize.Classes, 0)
        let trials = (size == UsualSize ? s_own : s_ownAtAllSizes)
            .Select(method => new Trial(Study(domain.Key, size.Classes), method, Options(method, size.Examples)))
            .Concat(
                (size == UsualSize ? s_ofFormAndLabels : s_ofForm).Select(method => new Trial(
                    Study(domain.Key, size.Classes, OwnForm),
                    method,
                    OwnForm.Change(Options(method, size.Examples))
                ))
            )
        from cell in CellsOf(
            $"{domain.Value}",
            domain.Value,
            0,
            seed,
            CanvasesOf(size),
            size.PerClass,
            trials.Select(trial => trial with { Readout = ReadoutMode.Own }),
            s_metrics
        )
        select cell;

    private IEnumerable<Cell> OwnFormsOf(int seed) =>
        from factor in OwnFactors
        where seed < SeedsOf(factor)
        from domain in ImageTasks
            .OwnClasses(Own, UsualSize.Classes, seed)
            .Select((domain, number) => (domain.Key, domain.Value, Number: number))
        where domain.Key != ImageTasks.AtChance
        from cell in CellsOf(
            domain.Key,
            domain.Value,
            domain.Number,
            seed,
            CanvasesOf(UsualSize),
            UsualSize.PerClass,
            Trials(factor, UsualSize.Examples)
                .Select(trial => trial with { Study = OwnClassesOf(trial.Study), Readout = ReadoutMode.Own }),
            s_metrics
        )
        select cell;

    /// <summary>The same ones for all numbers of examples.</summary>
    private int CanvasesOf(OwnSize size) => size.Classes * OwnSizes.Max(other => other.PerClass);

    private int SeedsOf(StudyFactor factor) => Math.Min(OwnSeeds, factor.OwnSeeds);

    private static string Study(string domain, int classes, StudyValue? form = null) =>
        $"{classes} own classes{(form is null ? "" : $" by {form.Name}")}: {domain}";

    private static string OwnClassesOf(string form) => $"own classes: {form}";

    public override Conclusion Conclude(IReadOnlyList<Observation> observations)
    {
        var own = (
            from domain in Domains
            from size in OwnSizes.OrderBy(size => size.Classes).ThenBy(size => size.PerClass)
            let study = Study(domain, size.Classes, OwnForm)
            where OwnAt(study, Method.Comodulation, size.PerClass).Any()
            select (
                Name: $"{study}, {size.PerClass} of each",
                OverGain: Over(study, study, Method.Gain, size.PerClass),
                OverReadout: Over(study, Study(domain, size.Classes), Method.Readout, size.PerClass),
                Accuracies: string.Join(
                    ", ",
                    (size == UsualSize ? s_ofFormAndLabels : s_ofForm)
                        .Select(method =>
                            $"{Format.Name(method)} {Format.Share(Mean(OwnAt(study, method, size.PerClass)))}"
                        )
                        .Concat(
                            (size == UsualSize ? s_own : s_ownAtAllSizes).Select(method =>
                                $"{(s_ofForm.Contains(method) ? "usual " : "")}{Format.Name(method)} "
                                + $"{Format.Share(Mean(OwnAt(Study(domain, size.Classes), method, size.PerClass)))}"
                            )
                        )
                )
            )
        ).ToArray();
        var below = own.Where(at => !(at.OverGain >= 0 && at.OverReadout >= 0)).Select(at => at.Name).ToArray();
        var average = own.Select(at => at.OverReadout).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        return new(
            [
                new(
                    "On own classes comodulation is never below deterministic gain or the readout alone.",
                    own.Length > 0 && below.Length == 0,
                    own.Length == 0 ? "not run."
                        : below.Length == 0 ? "so it is."
                        : $"below for {string.Join("; ", below)}."
                ),
                new(
                    "On own classes comodulation is 5 points above the readout alone on average.",
                    average >= 0.05,
                    own.Length == 0
                        ? "not run."
                        : string.Create(CultureInfo.InvariantCulture, $"{100 * average:+0.0;-0.0} points.")
                ),
            ],
            [
                $"Usual form: {string.Join(", ", s_default.Select(OfUsual))}.",
                .. from factor in Factors
                from value in factor.Values
                let study = $"{factor.Name} {value.Name}"
                where Of(observations, study, Method.Comodulation).Count > 0
                select $"{study}: comodulation {Format.Share(Mean(Of(observations, study, Method.Comodulation)))}, "
                    + $"{Against(study, StudyFactor.Default, Method.Comodulation)} points to the usual form"
                    + (
                        factor.OfGain
                            ? $", {Against(study, study, Method.Gain)} to deterministic gain of this form."
                            : "."
                    ),
                .. own.Select(at => $"{at.Name}: {at.Accuracies}."),
                .. from method in s_ofFormAndLabels.Except([Method.Comodulation])
                where OfForm(method, UsualSize).Any()
                select $"{UsualSize.Classes} own classes by {OwnForm.Name}, {UsualSize.PerClass} of each: "
                    + $"comodulation minus {Format.Name(method)} over the domains, points: "
                    + $"{Paired.Points(Paired.Difference(OfForm(Method.Comodulation, UsualSize), OfForm(method, UsualSize)))}.",
                .. from factor in OwnFactors
                from value in factor.Values
                let study = OwnClassesOf($"{factor.Name} {value.Name}")
                where Of(observations, study, Method.Comodulation).Count > 0
                select $"{study}: comodulation {Format.Share(Mean(Of(observations, study, Method.Comodulation)))}, "
                    + $"{Paired.Points(Paired.Difference(Of(observations, study, Method.Comodulation), UsualOwn(Method.Comodulation)))} points to the usual form"
                    + $", {Paired.Points(Paired.Difference(Of(observations, study, Method.Comodulation), UsualOwn(Method.Readout)))} to the readout alone"
                    + (
                        factor.OfGain
                            ? $", {Against(study, study, Method.Gain)} to deterministic gain of this form."
                            : "."
                    ),
                .. Diverged(observations),
            ],
            Plots(observations)
        );

        IEnumerable<Observation> OfForm(Method method, OwnSize size) =>
            OverDomains(domain => OwnAt(Study(domain, size.Classes, OwnForm), method, size.PerClass));

        IEnumerable<Observation> UsualOwn(Method method) =>
            OverDomains(domain => OwnAt(Study(domain, UsualSize.Classes), method, UsualSize.PerClass));

        // Each is a task.
        IEnumerable<Observation> OverDomains(Func<string, IEnumerable<Observation>> of) =>
            Domains.SelectMany(
                (domain, number) => of(domain).Select(observation => observation with { Task = number })
            );

        IEnumerable<Observation> OwnAt(string study, Method method, int perClass) =>
            Of(observations, study, method).Where(observation => observation.X == perClass);

        double Over(string study, string reference, Method other, int perClass) =>
            Paired.Difference(OwnAt(study, Method.Comodulation, perClass), OwnAt(reference, other, perClass))?.Mean
            ?? double.NaN;

        string OfUsual(Method method) =>
            $"{Format.Name(method)} {Format.Share(Mean(Of(observations, StudyFactor.Default, method)))}";

        string Against(string study, string reference, Method method) =>
            Paired.Points(
                Paired.Difference(Of(observations, study, Method.Comodulation), Of(observations, reference, method))
            );
    }

    private Dictionary<string, LinePlot> Plots(IReadOnlyList<Observation> observations)
    {
        var rows = ResultRow.Of([
            .. observations.Where(observation =>
                observation.Study.EndsWith($": {ImageMetric.Accuracy}", StringComparison.Ordinal)
            ),
        ]);
        var comodulation = ImageArm.Of(Method.Comodulation);
        var plots = new Dictionary<string, LinePlot>
        {
            [StudyFactor.Amplitude] = Plot(
                "Amplitude of the modulator",
                "standard deviation",
                [
                    new(
                        comodulation.Name,
                        comodulation.Color,
                        [
                            .. Factors
                                .Single(factor => factor.Name == StudyFactor.Amplitude)
                                .Values.Select(value => (value.X, Study: $"{StudyFactor.Amplitude} {value.Name}"))
                                .Append((X: UsualSigma, Study: StudyFactor.Default))
                                .OrderBy(value => value.X)
                                .SelectMany(value => Row(value.Study, comodulation).Select(row => (value.X, row.Y))),
                        ]
                    ),
                ]
            ),
        };
        foreach (var domain in Domains)
            plots[$"own-{Slug.Of(domain)}"] = Plot(
                $"{UsualSize.Classes} own classes, {domain}",
                "examples of each class",
                [
                    .. s_ownAtAllSizes
                        .Select(ImageArm.Of)
                        .Select(arm => new PlotLine(
                            s_ofForm.Contains(arm.Method) ? $"{arm.Name}, one layer" : arm.Name,
                            s_ofForm.Contains(arm.Method) ? Pale(arm.Color) : arm.Color,
                            [.. Row(Study(domain, UsualSize.Classes), arm)]
                        )),
                    .. s_ofForm
                        .Select(ImageArm.Of)
                        .Select(arm => new PlotLine(
                            $"{arm.Name}, {OwnForm.Name}",
                            arm.Color,
                            [.. Row(Study(domain, UsualSize.Classes, OwnForm), arm)]
                        )),
                ]
            );
        return plots.Where(plot => plot.Value.Lines.Any(line => line.Points.Count > 0)).ToDictionary();

        IEnumerable<(double X, Spread Y)> Row(string study, ImageArm arm) =>
            rows.Where(row => row.Arm == arm.Name && row.Study == ImageMetric.Study(study, ImageMetric.Accuracy))
                .OrderBy(row => row.X)
                .Select(row => (row.X, new Spread(row.Mean, row.Low, row.High)));

        static string Pale(string color) => $"#{string.Concat(Enumerable.Range(0, 3).Select(i => Paler(color, i)))}";

        // Half way to white.
        static string Paler(string color, int part) =>
            $"{(Convert.ToInt32(color.Substring(1 + 2 * part, 2), 16) + 255) / 2:x2}";

        static LinePlot Plot(string title, string x, IReadOnlyList<PlotLine> lines) =>
            new(title, x, "accuracy (share of test canvases)", 0, 1, lines) { LogX = true };
    }
}
