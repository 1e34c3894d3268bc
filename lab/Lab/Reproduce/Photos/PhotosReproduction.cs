using ComodCluster.Api.Tasks;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Photos;
using ComodCluster.Lab.Plots;
using ComodCluster.Lab.Reproduce.Images;

namespace ComodCluster.Lab.Reproduce.Photos;

/// <summary>New classes on photos of domains that nothing was chosen on, by all arms as a user gets them.</summary>
internal sealed class PhotosReproduction(ReproductionOptions options) : IReproduction
{
    private const string Small = "cifar10-objects",
        Large = "resnet18-imagenet";

    private static readonly Method[] s_quick = [Method.Readout, Method.Gain, Method.Comodulation];

    private readonly PhotoSilo _silo = new(options.Photos, check: !options.Quick);

    /// <summary>Two cores: one adaptation computes while another is prepared.</summary>
    public int? AtOnce => 3;

    private IReadOnlyList<PhotoTask> Tasks { get; } =
        options.Quick ? [PhotoTasks.Quick(options.Photos is not null)] : PhotoTasks.Of(PhotoRole.Reported);

    private IReadOnlyList<string> Backbones { get; } = options.Quick ? [Small] : [Large, Small];

    /// <summary>Examples of each class, in the order in which they are run.</summary>
    private IReadOnlyList<int> Sizes { get; } = options.Quick ? [5] : [20, 5, 50];

    private int Draws => options.Quick ? 1 : 5;

    private IReadOnlyList<PhotoArm> Arms { get; } =
    [.. PhotoArm.All.Where(arm => !options.Quick || s_quick.Contains(arm.Method))];

    public IReadOnlyList<Constant> Constants =>
        [
            .. PhotoDomains
                .All.Where(domain => Tasks.Any(task => task.Domain == domain))
                .Select(domain => new Constant(
                    domain.Name,
                    $"{domain.Train} photos of each class to draw from, {domain.Test} to test on; list {domain.Digest}",
                    $"https://github.com/{domain.Repository} at {domain.Commit}"
                )),
            new("tasks", string.Join("; ", Tasks.Select(task => $"{task}: {string.Join(' ', task.Classes)}")), Drawn)
            {
                NamesCells = true,
            },
            new("examples of each class", string.Join(' ', Sizes), Constant.Chosen) { NamesCells = true },
            new("draws", $"0 to {Draws - 1}", Constant.Chosen) { NamesCells = true },
            new("arms that change the whole network", NetworkRuns, Constant.Chosen) { NamesCells = true },
            new("settings", "the engine's defaults, its gate included", Constant.Chosen),
        ];

    private static string Drawn => $"drawn by seed {PhotoTasks.Seed}";

    private const int NetworkEvery = 4;

    private static string NetworkRuns => $"every {NetworkEvery}th task, 5 and 20 of each class, draw 0, {Large}";

    /// <summary>All tasks at one size and draw first: an interrupted run can be judged.</summary>
    public IReadOnlyList<Cell> Cells =>
        [
            .. from draw in Enumerable.Range(0, Draws)
            from perClass in Sizes
            from backbone in Backbones
            from task in Tasks
            from arm in Arms
            where !arm.ChangesNetwork || IsRun(task, perClass, draw, backbone)
            select CellOf(backbone, task, perClass, draw, arm),
        ];

    public Conclusion Conclude(IReadOnlyList<Observation> observations)
    {
        var verdict = new PhotosVerdict(observations, Tasks);
        return new(
            [.. Backbones.SelectMany(verdict.Criteria)],
            [.. Backbones.SelectMany(verdict.Remarks)],
            Backbones.Where(verdict.Has).ToDictionary(backbone => backbone, backbone => Plot(backbone, observations))
        )
        {
            Tables = new Dictionary<string, IReadOnlyList<string>>
            {
                ["metrics"] = verdict.Metrics(Backbones, Sizes),
                ["domains"] = verdict.Domains(Backbones, Sizes),
            },
        };
    }

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    private static bool IsRun(PhotoTask task, int perClass, int draw, string backbone) =>
        draw == 0 && perClass <= 20 && backbone == Large && task.Number % NetworkEvery == 0;

    private Cell CellOf(string backbone, PhotoTask task, int perClass, int draw, PhotoArm arm) =>
        new(
            $"{backbone} {perClass} {task} {draw}: {arm.Name}",
            task.Classes.Count * (perClass + 10) * (arm.ChangesNetwork ? 50 : 1),
            async stop =>
            {
                var trial = new Trial(
                    backbone,
                    arm.Method,
                    new MethodOptions
                    {
                        Examples = perClass * task.Classes.Count,
                        Steps = options.Quick && arm.Method != Method.Readout ? 2 : null,
                    }
                );
                return ImageMetric.Observe(
                    await _silo.Adapt(backbone, task, trial, draw, stop),
                    perClass,
                    task.Number,
                    draw
                );
            }
        );

    private LinePlot Plot(string backbone, IReadOnlyList<Observation> observations)
    {
        var study = ImageMetric.Study(backbone, ImageMetric.Accuracy);
        var rows = ResultRow.Of([.. observations.Where(observation => observation.Study == study)]);
        return new(
            $"Accuracy on photos, {backbone}",
            "examples of each class",
            "accuracy (share of test photos)",
            0,
            1,
            [
                .. Arms.Select(arm => new PlotLine(
                        arm.Name,
                        arm.Color,
                        [
                            .. rows.Where(row => row.Arm == arm.Name)
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
    }
}
