using ComodCluster.Benchmarks.Adapt64;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Scenes;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Tasks;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.PlanRanking;

/// <summary>
/// How well a plan's scores order the cuts by the accuracy that adaptation then reaches there: binary tasks of the
/// built-in scenes, every cut adapted with the same budget, all packed.
/// </summary>
internal sealed class PlanRankingBenchmark : IBenchmark
{
    private const int Examples = 50,
        Stations = 9;

    private static readonly (string Name, Func<CutPlan, double> Of)[] Scores =
    [
        ("measured", c => c.Measured.Value),
        ("promised", c => c.Promised.Value),
        ("gained", c => c.Gained.Value),
        ("logme", c => c.LogMe),
        ("hscore", c => c.HScore),
        ("probe", c => c.Probe.Value),
    ];

    public string Name => "plan-ranking";
    public string Description =>
        "Spearman correlation of a plan's scores of the cuts with the accuracy of adaptations at them.";

    public Report Run(Effort effort)
    {
        var (tasks, steps, testImages) = effort.IsQuick ? (2, 24, 120) : (36, 40, 400);
        var network = Network.Small();
        using var engine = LoadedEngine.Start(network);
        string[] cuts = [.. network.Spec.Cuts.Where(c => c != Engine.Backbones.Cut.Pool).Select(c => c.ToString())];
        var settings = new TaskSettings
        {
            LearningRate = 0.1,
            Steps = steps,
            EvaluateEvery = 4,
            Gate = GatePolicy.Off,
        };
        var packs = Enumerable.Range(0, tasks).Select(t => PackOf(t, testImages)).ToArray();
        var plans = packs
            .Select((pack, t) => engine.Engine.Plan(Work(t, pack), CancellationToken.None).GetAwaiter().GetResult())
            .ToArray();
        var (_, results) = engine.Results([
            .. packs.Select(
                (pack, t) => engine.Work(pack, null, ModeOf(t), [.. cuts.Select(c => Form(t) with { Cut = c })])
            ),
        ]);

        var report = new Report(
            Name,
            engine.Versions,
            ["task", "readout", "cut", "accuracy", "base", .. Scores.Select(s => s.Name), "rank", "plan_seconds"]
        );
        var accuracies = results.Select(rows => rows.Select(r => r.Metrics.Test!.Accuracy).ToArray()).ToArray();
        for (var t = 0; t < tasks; t++)
        for (var i = 0; i < cuts.Length; i++)
            report.Row([
                t,
                ModeOf(t),
                cuts[i],
                accuracies[t][i],
                results[t][i].Metrics.BaseTest!.Accuracy,
                .. Scores.Select(s => (object)s.Of(plans[t].Cuts[i])),
                plans[t].Cuts[i].Rank,
                plans[t].DeviceSeconds,
            ]);
        foreach (var (name, of) in Scores)
        {
            double[][] scores = [.. plans.Select(p => p.Cuts.Select(of).ToArray())];
            Key(
                $"{name}_spearman_of_a_task",
                rows =>
                    rows.Select(t => Rank.Spearman(scores[t], accuracies[t]))
                        .Where(double.IsFinite)
                        .DefaultIfEmpty(0)
                        .Average()
            );
            // Within tasks: which task is easy is not what a ranking of cuts has to know.
            Key(
                $"{name}_spearman_pooled",
                rows =>
                    Rank.Spearman(
                        [.. rows.SelectMany(t => Centred(scores[t]))],
                        [.. rows.SelectMany(t => Centred(accuracies[t]))]
                    )
            );
        }
        Key(
            "chosen_points_below_best",
            rows => 100 * rows.Average(t => accuracies[t].Max() - accuracies[t][Chosen(t)])
        );
        Key(
            "usual_points_below_best",
            rows => 100 * rows.Average(t => accuracies[t].Max() - accuracies[t][Array.IndexOf(cuts, Form(t).Cut)])
        );
        Key("any_points_below_best", rows => 100 * rows.Average(t => accuracies[t].Max() - accuracies[t].Average()));
        report.Key("plan_device_seconds", Estimate.Of([.. plans.Select(p => p.DeviceSeconds)]));
        foreach (var pack in packs)
            pack.Dispose();
        return report;

        PlanWork Work(int t, DatasetPack pack) =>
            new()
            {
                BackboneDigest = network.Digest,
                Pack = pack,
                Settings = Form(t),
                Task = TaskDefinition.Resolve(network.Spec, pack.Manifest, null, ModeOf(t)),
            };

        // As tasks are registered: docs/decisions/0014-defaults.md.
        TaskSettings Form(int t) =>
            ModeOf(t) == ReadoutMode.Head
                ? settings with
                {
                    Cut = TaskLayers.DefaultCut(network.Spec),
                    GainForm = GainForm.Rectified,
                }
                : settings;

        int Chosen(int t) => plans[t].Cuts.Select((c, i) => (c.Rank, i)).Min().i;

        void Key(string name, Func<int[], double> ofTasks)
        {
            var found = Bootstrap.Of(tasks, ofTasks);
            report.Key(name, new Estimate(found.Value, found.Low, found.High));
        }
    }

    /// <summary>Every other task has a readout of its own.</summary>
    private static ReadoutMode ModeOf(int task) => task % 2 == 0 ? ReadoutMode.Head : ReadoutMode.Own;

    private static double[] Centred(double[] values) => [.. values.Select(v => v - values.Average())];

    private static DatasetPack PackOf(int number, int testImages)
    {
        var (a, b) = TaskPairs.Of(number * 7, Pictures.Classes.Count);
        var stream = new MemoryStream();
        new ClutterCanvases(
            new ClutterSpec(
                [Pictures.Classes[a], Pictures.Classes[b]],
                number % Stations,
                Examples,
                testImages,
                (ulong)(700 + number)
            ),
            new SceneObjects(seed: 1)
        ).WritePack(stream);
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }
}
