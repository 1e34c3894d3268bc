using System.Globalization;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// All arms on tasks that nothing was tuned on: an object at a fixed place in clutter, attributes over unseen classes,
/// and classes that the backbone knows as one.
/// </summary>
internal sealed class ImagesReproduction(ReproductionOptions options) : ImageReproduction(options)
{
    private const string Clutter = "clutter",
        Attributes = "attributes",
        Fine = "coarse-to-fine";

    private const int FewExamples = 50;

    /// <summary>What the study found, on tuning tasks.</summary>
    private static readonly StudyValue s_found = StudyFactor.Found;

    private static readonly Method[] s_withAndWithout = [Method.Comodulation, Method.Gain];
    private static readonly Method[] s_ofForm = [.. s_withAndWithout, Method.Difference];

    private static readonly Method[] s_quick = [Method.Readout, Method.Gain, Method.Comodulation];
    private static readonly Method[] s_main =
    [
        Method.Readout,
        Method.Gain,
        Method.Comodulation,
        Method.Difference,
        Method.Film,
        Method.BnAffine,
    ];

    /// <summary>They change what is before the cut too: several times the work of the others.</summary>
    private static readonly Method[] s_ofNetwork = [Method.Film, Method.BnAffine, Method.Full, Method.Lora];

    /// <param name="Sizes">Numbers of examples, in the order in which they are run.</param>
    private sealed record Protocol(
        string Name,
        IReadOnlyList<ImageTask> Tasks,
        IReadOnlyList<int> Sizes,
        int Seeds,
        IReadOnlyList<Method> Main
    )
    {
        /// <summary>Number of examples at which all arms are compared, and not only the main ones.</summary>
        public int? AllArmsAt { get; init; }

        /// <summary>
        /// Seeds of the arms that change the whole network; fewer where they are far behind and tasks differ more than
        /// draws.
        /// </summary>
        public int SeedsOfNetwork { get; init; } = Seeds;

        /// <summary>Canvases of the train split, which examples are drawn from.</summary>
        public int Canvases { get; init; } = Sizes.Max();

        /// <summary>Null: one layer and exponential gains.</summary>
        public StudyValue? Form { get; init; }

        public string Study => Form is null ? Name : $"{Name} by {Form.Name}";

        /// <summary>An arm that was not run by the form is compared by the one without changes.</summary>
        public string StudyOf(Method method) => Form is null || Main.Contains(method) ? Study : Name;

        public string PlotName => Form is null ? Slug.Of(Name) : $"{Slug.Of(Name)}-by-{Slug.Of(Form.Name)}";

        public IEnumerable<Method> Arms(int size) => size == AllArmsAt ? ImageArm.All.Select(arm => arm.Method) : Main;

        public IEnumerable<Method> Arms(int size, int seed) =>
            Arms(size).Where(method => seed < SeedsOfNetwork || !s_ofNetwork.Contains(method));
    }

    private IReadOnlyList<Protocol> Protocols =>
        Quick
            ?
            [
                new(Clutter, ImageTasks.Reported(Own, 1), [FewExamples], 1, s_quick),
                new(Attributes, [ImageTasks.Attributes(Own)[0]], [20], 1, s_quick),
                new(Fine, [ImageTasks.CoarseToFine(Own)[0]], [20], 1, s_quick),
            ]
            :
            [
                new(Clutter, ImageTasks.Reported(Own, 20), [FewExamples, 20, 100, 500], 5, s_main)
                {
                    AllArmsAt = FewExamples,
                    SeedsOfNetwork = 2,
                },
                new(Attributes, ImageTasks.Attributes(Own), [100, 20], 3, s_main),
                new(Fine, ImageTasks.CoarseToFine(Own), [100, 20], 3, s_main),
                new(Clutter, ImageTasks.Reported(Own, 20), [FewExamples, 20, 100], 2, s_ofForm)
                {
                    Form = s_found,
                    Canvases = 500,
                }, // those of the reference form
                new(Attributes, ImageTasks.Attributes(Own), [100, 20], 2, s_withAndWithout) { Form = s_found },
                new(Fine, ImageTasks.CoarseToFine(Own), [100, 20], 2, s_withAndWithout) { Form = s_found },
            ];

    protected override IEnumerable<Constant> OwnConstants =>
        [
            .. Protocols.SelectMany(protocol =>
                new[]
                {
                    new Constant(
                        $"{protocol.Study}: tasks",
                        string.Join(' ', protocol.Tasks),
                        "classes by number and cell; no pair of classes is a tuning task's"
                    )
                    {
                        NamesCells = true,
                    },
                    new Constant($"{protocol.Study}: examples", string.Join(' ', protocol.Sizes), Constant.Chosen)
                    {
                        NamesCells = true,
                    },
                    new Constant(
                        $"{protocol.Study}: seeds",
                        $"0 to {protocol.Seeds - 1}"
                            + (
                                protocol.SeedsOfNetwork < protocol.Seeds
                                    ? $"; {string.Join(", ", s_ofNetwork.Select(method => Format.Name(method)))} "
                                        + $"0 to {protocol.SeedsOfNetwork - 1}"
                                    : ""
                            ),
                        Constant.Chosen
                    )
                    {
                        NamesCells = true,
                    },
                }
            ),
            .. SettingsOf(ImageArm.All.Select(arm => arm.Method)),
            OfPretraining,
        ];

    /// <summary>
    /// Clutter first, seed after seed, in each the most telling number of examples: an interrupted run can be judged.
    /// </summary>
    public override IReadOnlyList<Cell> Cells =>
        [
            .. from protocol in Protocols
            from seed in Enumerable.Range(0, protocol.Seeds)
            from size in protocol.Sizes
            from task in protocol.Tasks.Select((task, number) => (Task: task, Number: number))
            from cell in CellsOf(
                $"{task.Task}",
                task.Task,
                task.Number,
                seed,
                protocol.Canvases,
                size,
                TrialsOf(protocol, size, seed)
            )
            select cell,
        ];

    private IEnumerable<Trial> TrialsOf(Protocol protocol, int size, int seed) =>
        from method in protocol.Arms(size, seed)
        let usual = Options(method, size)
        select new Trial(protocol.Study, method, protocol.Form?.Change(usual) ?? usual);

    public override Conclusion Conclude(IReadOnlyList<Observation> observations)
    {
        var rows = ResultRow.Of([
            .. observations.Where(observation =>
                observation.Study.EndsWith($": {ImageMetric.Accuracy}", StringComparison.Ordinal)
            ),
        ]);
        return new(
            [
                // An interrupted run says nothing of what it has not come to.
                .. from protocol in Protocols
                where Of(observations, protocol.Study, Method.Comodulation).Count > 0
                from criterion in protocol.Name == Clutter
                    ?
                    [
                        Ahead(observations, protocol),
                        NotBelowReadout(observations, protocol),
                        Calibrated(observations, protocol),
                    ]
                    : new[] { LikeFilm(observations, protocol) }
                where criterion is not null
                select criterion,
            ],
            [
                .. Protocols.SelectMany(protocol =>
                    s_main
                        .Where(method => method != Method.Comodulation)
                        .SelectMany(method => Against(observations, protocol, method))
                ),
                .. ImageArm
                    .All.Select(arm => arm.Method)
                    .Except(s_main)
                    .SelectMany(method => Against(observations, Protocols[0] with { Sizes = [FewExamples] }, method)),
                .. from protocol in Protocols
                where protocol.Form is not null
                from method in s_ofForm
                where Of(observations, protocol.Study, method).Count > 0
                select $"{protocol.Study}: {Format.Name(method)} minus that of the usual form, points: "
                    + $"{Paired.Points(Paired.Difference(Of(observations, protocol.Study, method), Of(observations, protocol.Name, method)))}.",
                .. Diverged(observations),
            ],
            Protocols
                .Where(protocol =>
                    rows.Any(row => row.Study == ImageMetric.Study(protocol.Study, ImageMetric.Accuracy))
                )
                .ToDictionary(protocol => protocol.PlotName, protocol => PlotOf(protocol, rows))
        )
        {
            Tables = new Dictionary<string, IReadOnlyList<string>> { ["metrics"] = Table(observations) },
        };
    }

    private static Criterion Ahead(IReadOnlyList<Observation> observations, Protocol protocol)
    {
        var difference = Difference(observations, protocol, Method.Gain, size => size <= 100);
        return new(
            $"In {protocol.Study} comodulation is better than deterministic gain: mean over 20, 50 and 100 "
                + $"examples, interval above 0.",
            difference is { Low: > 0 },
            $"{Paired.Points(difference)} points."
        );
    }

    private static Criterion NotBelowReadout(IReadOnlyList<Observation> observations, Protocol protocol)
    {
        var found = protocol
            .Sizes.Order()
            .Select(size =>
                (Size: size, Difference: Difference(observations, protocol, Method.Readout, x => x == size))
            )
            .ToArray();
        return new(
            $"In {protocol.Study} comodulation is never below the readout alone.",
            found.All(size => size.Difference is { Mean: >= 0 }),
            string.Join(", ", found.Select(size => $"{Paired.Points(size.Difference)} with {size.Size}")) + "."
        );
    }

    private static Criterion Calibrated(IReadOnlyList<Observation> observations, Protocol protocol)
    {
        var difference = Difference(observations, protocol, Method.Gain, _ => true, ImageMetric.Ece);
        return new(
            $"In {protocol.Study} the calibration error of comodulation is not above that of deterministic gain.",
            difference is { Mean: <= 0 },
            $"{Paired.Points(difference)} points."
        );
    }

    /// <returns>None where film has not been run.</returns>
    private static Criterion? LikeFilm(IReadOnlyList<Observation> observations, Protocol protocol)
    {
        if (Difference(observations, protocol, Method.Film, _ => true) is not { } difference)
            return null;
        double ours = Parameters(Method.Comodulation),
            theirs = Parameters(Method.Film);
        return new(
            $"In {protocol.Study} comodulation is at least as good as film, with fewer trained parameters.",
            difference.Mean >= 0 && ours < theirs,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Paired.Points(difference)} points, {ours:0} parameters against {theirs:0}."
            )
        );

        double Parameters(Method method) =>
            Mean(Of(observations, protocol.StudyOf(method), method, ImageMetric.Parameters));
    }

    /// <summary>A sentence, or none where the other method has not been run.</summary>
    private static IEnumerable<string> Against(IReadOnlyList<Observation> observations, Protocol protocol, Method other)
    {
        var found = protocol
            .Sizes.Order()
            .Select(size => (Size: size, Difference: Difference(observations, protocol, other, x => x == size)))
            .Where(size => size.Difference is not null)
            .ToArray();
        if (found.Length > 0)
            yield return $"{protocol.Study}: comodulation minus {Format.Name(other)}, points: "
                + $"{string.Join(", ", found.Select(size => $"{Paired.Points(size.Difference)} with {size.Size}"))}.";
    }

    /// <summary>Accuracy of comodulation less that of another arm.</summary>
    private static Spread? Difference(
        IReadOnlyList<Observation> observations,
        Protocol protocol,
        Method other,
        Func<double, bool> sizes,
        string metric = ImageMetric.Accuracy
    )
    {
        return Paired.Difference(OfSizes(Method.Comodulation), OfSizes(other));

        IEnumerable<Observation> OfSizes(Method method) =>
            Of(observations, protocol.StudyOf(method), method, metric).Where(observation => sizes(observation.X));
    }

    /// <summary>With arms that have no such form too.</summary>
    private static LinePlot PlotOf(Protocol protocol, IReadOnlyList<ResultRow> rows) =>
        new(
            $"Accuracy in {protocol.Study}",
            "labelled examples",
            "accuracy (share of test canvases)",
            0.4,
            1,
            [
                .. s_main
                    .Select(ImageArm.Of)
                    .Select(arm => new PlotLine(
                        arm.Name,
                        arm.Color,
                        [
                            .. rows.Where(row =>
                                    row.Arm == arm.Name
                                    && row.Study
                                        == ImageMetric.Study(protocol.StudyOf(arm.Method), ImageMetric.Accuracy)
                                    && protocol.Sizes.Contains((int)row.X)
                                )
                                .OrderBy(row => row.X)
                                .Select(row => (row.X, new Spread(row.Mean, row.Low, row.High))),
                        ]
                    ))
                    .Where(line => line.Points.Count > 0),
            ]
        )
        {
            LogX = true,
        };

    /// <summary>
    /// One line for each protocol, number of examples and arm: means of all metrics, and paired differences of accuracy
    /// with their intervals.
    /// </summary>
    private List<string> Table(IReadOnlyList<Observation> observations)
    {
        Method[] references = [Method.Gain, Method.Difference];
        var lines = new List<string>
        {
            string.Join(
                ',',
                [
                    "protocol",
                    "examples",
                    "arm",
                    "tasks",
                    "draws",
                    .. ImageMetric.All.Select(metric => metric.Name),
                    .. references.SelectMany(reference => Difference(reference, ["", " low", " high"])),
                ]
            ),
        };
        foreach (var protocol in Protocols)
        foreach (var size in protocol.Sizes.Order())
        foreach (var method in protocol.Arms(size))
        {
            var ofAccuracy = OfSize(method, ImageMetric.Accuracy);
            if (ofAccuracy.Count == 0)
                continue;
            lines.Add(
                string.Join(
                    ',',
                    [
                        protocol.Study,
                        $"{size}",
                        Format.Name(method),
                        $"{ofAccuracy.Select(observation => observation.Task).Distinct().Count()}",
                        $"{ofAccuracy.Count}",
                        .. ImageMetric.All.Select(metric => Number(Mean(OfSize(method, metric.Name)))),
                        .. references.SelectMany(reference =>
                            method != reference
                            && Paired.Difference(ofAccuracy, OfSize(reference, ImageMetric.Accuracy)) is { } d
                                ? new[] { d.Mean, d.Low, d.High }.Select(Number)
                                : ["", "", ""]
                        ),
                    ]
                )
            );

            IReadOnlyList<Observation> OfSize(Method arm, string metric) =>
                [.. Of(observations, protocol.Study, arm, metric).Where(observation => observation.X == size)];
        }
        return lines;

        static IEnumerable<string> Difference(Method reference, string[] ends) =>
            ends.Select(end => $"accuracy minus {Format.Name(reference)}{end}");

        static string Number(double value) =>
            double.IsNaN(value) ? "" : value.ToString("0.#####", CultureInfo.InvariantCulture);
    }
}
