using System.Globalization;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Infrastructure.Journals;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// Gives every arm the same number of settings on tuning tasks and names the best of each. What it finds for CIFAR-10
/// is in <see cref="ImageArm.All"/>; of other images <c>--settings</c> takes the table.
/// </summary>
internal sealed class TuningReproduction(ReproductionOptions options) : ImageReproduction(options)
{
    private const int Examples = 50,
        Seed = 0;

    private IReadOnlyList<ImageTask> Tasks => [.. ImageTasks.Tuning(Own).Take(Quick ? 1 : int.MaxValue)];

    private IReadOnlyList<ImageArm> Arms =>
        [.. ImageArm.All.Where(arm => !Quick || arm.Method is Method.Readout or Method.Comodulation or Method.Lora)];

    private IReadOnlyList<ArmSetting> Grid => [.. ArmSetting.Grid.Take(Quick ? 2 : int.MaxValue)];

    protected override IEnumerable<Constant> OwnConstants =>
        [
            new("tuning tasks", string.Join(' ', Tasks), "classes by number and cell; those of comod demo"),
            new("examples", $"{Examples}", Constant.Chosen),
            new("seeds", $"{Seed}", Constant.Chosen),
            new("settings of every arm", string.Join(", ", Grid), "chosen here: factor of the rate x steps")
            {
                NamesCells = true,
            },
            .. Arms.Select(arm => new Constant(
                $"rate of {arm.Name}",
                arm.Rate.ToString("0.#####", CultureInfo.InvariantCulture),
                "the engine's before the tuning"
            )),
        ];

    public override IReadOnlyList<Cell> Cells =>
        [
            .. from task in Tasks.Select((task, number) => (Task: task, Number: number))
            from arm in Arms
            from cell in CellsOf(
                $"{task.Task}",
                task.Task,
                task.Number,
                Seed,
                Examples,
                Examples,
                Grid.Select(setting => new Trial(
                    setting.ToString(),
                    arm.Method,
                    Options(arm.Method, setting, Examples)
                ))
            )
            select cell,
        ];

    public override Conclusion Conclude(IReadOnlyList<Observation> observations)
    {
        var best = Arms.Select(arm => (Arm: arm, Found: Best(observations, arm)))
            .Where(arm => arm.Found is not null)
            .Select(arm => (arm.Arm, Found: arm.Found!.Value))
            .ToArray();
        double[] factors = [.. Grid.Select(setting => setting.Factor)];
        var edge = best.Where(arm =>
                arm.Found.Setting.Factor == factors.Min() || arm.Found.Setting.Factor == factors.Max()
            )
            .Select(arm => arm.Arm.Name)
            .ToArray();
        var rows = ResultRow.Of([
            .. observations.Where(observation =>
                observation.Study.EndsWith($": {ImageMetric.Accuracy}", StringComparison.Ordinal)
            ),
        ]);
        return new(
            [
                new(
                    "No arm is best at the smallest or largest rate that it was given.",
                    edge.Length == 0,
                    edge.Length == 0 ? "so it is." : $"{string.Join(", ", edge)}: others may be better."
                ),
            ],
            [
                .. best.Select(arm =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Best of {arm.Arm.Name}: {arm.Found.Setting} (rate "
                            + $"{arm.Found.Setting.Factor * arm.Arm.Rate:0.#####}), accuracy "
                            + $"{arm.Found.Accuracy:0.000}; "
                    )
                    + "all: "
                    + string.Join(
                        ", ",
                        from setting in Grid
                        let mean = Mean(Of(observations, setting.ToString(), arm.Arm.Method))
                        select $"{setting} {Format.Share(mean)}"
                    )
                    + "."
                ),
                .. Diverged(observations),
            ],
            new Dictionary<string, LinePlot>
            {
                ["settings"] = new(
                    "Settings of all arms on the tuning tasks",
                    $"setting: {string.Join(", ", Grid.Select((setting, i) => $"{i + 1} is {setting}"))}",
                    "accuracy (share of test canvases)",
                    0.4,
                    1,
                    [
                        .. Arms.Select(arm => new PlotLine(
                            arm.Name,
                            arm.Color,
                            [
                                .. Grid.SelectMany(
                                    (setting, i) =>
                                        rows.Where(row =>
                                                row.Arm == arm.Name
                                                && row.Study
                                                    == ImageMetric.Study(setting.ToString(), ImageMetric.Accuracy)
                                            )
                                            .Select(row => (i + 1.0, new Spread(row.Mean, row.Low, row.High)))
                                ),
                            ]
                        )),
                    ]
                ),
            }
        )
        {
            Tables = new Dictionary<string, IReadOnlyList<string>>
            {
                [ArmSettings.Table] = ArmSettings.Lines(best.Select(arm => (arm.Arm, arm.Found.Setting))),
            },
        };
    }

    /// <summary>
    /// The best of the settings with which the arm diverged nowhere; null where none is complete. Fewer steps win a
    /// tie.
    /// </summary>
    private (ArmSetting Setting, double Accuracy)? Best(IReadOnlyList<Observation> observations, ImageArm arm)
    {
        var found = Grid.Select(setting => (Setting: setting, Of: Of(observations, setting.ToString(), arm.Method)))
            .ToArray();
        var most = found.Max(setting => setting.Of.Count);
        return most == 0
            ? null
            : found
                .Where(setting => setting.Of.Count == most)
                .Select(setting => (setting.Setting, Accuracy: Mean(setting.Of)))
                .OrderByDescending(setting => setting.Accuracy)
                .ThenBy(setting => setting.Setting.Steps)
                .First();
    }
}
