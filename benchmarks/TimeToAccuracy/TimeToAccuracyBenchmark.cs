using ComodCluster.Benchmarks.Adapt64;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Scenes;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Benchmarks.TimeToAccuracy;

/// <summary>
/// How much sooner the same held-out accuracy is there with other steps than 150 of rate 0.03, the default before the
/// study of the method: tasks of the built-in scenes, packed alike.
/// </summary>
internal sealed class TimeToAccuracyBenchmark : IBenchmark
{
    private const int Examples = 50,
        TestImages = 300,
        Stations = 9;

    /// <summary>Steps that are tried; evaluations are as many as usual.</summary>
    private sealed record Way(string Name, TaskSettings Settings);

    // The defaults before the study of the method.
    private static readonly TaskSettings s_usual = new() { LearningRate = 0.03 };

    private static readonly Way[] Ways =
    [
        new("usual", s_usual),
        new("patience", s_usual with { Patience = 3 }),
        new(
            "rate_0_1",
            new TaskSettings
            {
                LearningRate = 0.1,
                Steps = 50,
                EvaluateEvery = 4,
            }
        ),
        new(
            "rate_0_3",
            new TaskSettings
            {
                LearningRate = 0.3,
                Steps = 30,
                EvaluateEvery = 2,
            }
        ),
    ];

    public string Name => "time-to-accuracy";
    public string Description =>
        "Fewer, larger steps against the usual ones: seconds and accuracy on images of the test split.";

    public Report Run(Effort effort)
    {
        var (tasks, seeds) = effort.IsQuick ? (2, 1) : (12, 2);
        var network = Network.Small();
        using var engine = LoadedEngine.Start(network);
        var packs = Enumerable.Range(0, tasks).Select(PackOf).ToArray();
        var report = new Report(Name, engine.Versions, "way", "task", "seed", "accuracy", "steps", "seconds_of_all");
        var found = new Dictionary<string, (double Seconds, double[] Accuracies)>();
        // The first filling of the cache belongs to nobody.
        engine.Together([.. packs.Select(pack => Work(engine, pack, Ways[^1].Settings with { Steps = 1 }, 1))]);
        foreach (var way in Ways)
        {
            var (seconds, results) = engine.Results([.. packs.Select(pack => Work(engine, pack, way.Settings, seeds))]);
            for (var t = 0; t < tasks; t++)
                foreach (var row in results[t])
                    report.Row(way.Name, t, row.Settings.Seed, row.Metrics.Test!.Accuracy, row.Steps, seconds);
            found[way.Name] = (seconds, [.. results.SelectMany(rows => rows.Select(r => r.Metrics.Test!.Accuracy))]);
        }
        foreach (var way in Ways)
        {
            report.Key($"{way.Name}_accuracy", found[way.Name].Accuracies.Average());
            if (way == Ways[0])
                continue;
            report.Key($"{way.Name}_speedup", found["usual"].Seconds / found[way.Name].Seconds);
            double[] points = [.. found[way.Name].Accuracies.Zip(found["usual"].Accuracies, (a, b) => 100 * (a - b))];
            var (mean, half) = (
                points.Average(),
                1.96
                    * Math.Sqrt(
                        points.Sum(p => Math.Pow(p - points.Average(), 2)) / (points.Length - 1) / points.Length
                    )
            );
            report.Key($"{way.Name}_points", mean);
            report.Key($"{way.Name}_points_low", mean - half);
            report.Key($"{way.Name}_points_high", mean + half);
        }
        foreach (var pack in packs)
            pack.Dispose();
        return report;
    }

    private static AdaptationWork Work(LoadedEngine engine, DatasetPack pack, TaskSettings settings, int seeds) =>
        engine.Work(
            pack,
            null,
            ReadoutMode.Head,
            [.. Enumerable.Range(0, seeds).Select(seed => settings with { Seed = seed, Gate = GatePolicy.Off })]
        );

    private static DatasetPack PackOf(int number)
    {
        var (a, b) = TaskPairs.Of(number * 7, Pictures.Classes.Count);
        var stream = new MemoryStream();
        new ClutterCanvases(
            new ClutterSpec(
                [Pictures.Classes[a], Pictures.Classes[b]],
                number % Stations,
                Examples,
                TestImages,
                (ulong)(100 + number)
            ),
            new SceneObjects(seed: 1)
        ).WritePack(stream);
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }
}
