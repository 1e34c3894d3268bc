using System.Diagnostics;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Tasks;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.Growth;

/// <summary>Seconds and memory while tasks, images and classes grow, on the small net.</summary>
internal sealed class GrowthBenchmark : IBenchmark
{
    private const int Steps = 3,
        FullRounds = 3;

    public string Name => "growth";
    public string Description => "How seconds and memory grow with tasks, images and classes.";

    /// <summary>What one size costs.</summary>
    /// <param name="PeakBytes">Peak of the process's resident set.</param>
    /// <param name="EngineBytes">What the engine says it holds, or the size of what it was given; 0 where there is
    /// nothing to say.</param>
    private sealed record Cost(double Seconds, long PeakBytes, long EngineBytes);

    public Report Run(Effort effort)
    {
        var quick = effort.IsQuick;
        var rounds = quick ? 1 : FullRounds;
        var report = new Report(Name, "", "what", "size", "round", "seconds", "peak_resident_bytes", "engine_bytes");
        var network = Network.Small();
        var folder = Directory.CreateTempSubdirectory("comod-growth-").FullName;
        try
        {
            using (var engine = LoadedEngine.Start(network))
            {
                report.Versions = engine.Versions;
                using var pack = Pictures.Small(240);
                // Fills the activation cache; then a first batch of steps.
                engine.Together(engine.Work(pack, null, ReadoutMode.Head, Settings("layer2")));
                Adaptations(engine, pack, 8);
                Series("tasks", quick ? [1, 10, 100] : [1, 10, 100, 1000], n => Adaptations(engine, pack, n));
                var random = new RandomTasks(engine, "layer2");
                var load = Requests.Of(engine, pack);
                load.Seconds(256, _ => random.Base);
                Series(
                    "predictions",
                    quick ? [1, 10, 100, 1000] : [1, 10, 100, 1000, 10_000],
                    n => Predictions(random, load, n)
                );
            }
            Series(
                "images",
                quick ? [100, 1000, 3000] : [100, 1000, 10_000, 100_000],
                n => OfImages(network, folder, n)
            );
            Series(
                "classes",
                quick ? [2, 10, 100] : [2, 10, 100, 1000],
                n => OfClasses(network, n, quick ? 400 : 4000)
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return report;

        void Series(string what, int[] sizes, Func<int, Cost> measure)
        {
            double[] x = [.. sizes.Select(s => (double)s)];
            var costs = new Cost[rounds][];
            for (var round = 0; round < rounds; round++)
            {
                costs[round] =
                [
                    .. sizes.Select(size =>
                    {
                        PeakMemory.Reset();
                        var cost = measure(size);
                        report.Row(what, size, round + 1, cost.Seconds, cost.PeakBytes, cost.EngineBytes);
                        Console.WriteLine(
                            $"{what} {size, 7:#,0}  {cost.Seconds:0.000} s  peak {cost.PeakBytes / 1e6:#,0} MB  "
                                + $"engine {cost.EngineBytes / 1e6:#,0.###} MB"
                        );
                        return cost;
                    }),
                ];
            }
            report.Key(
                $"{what}_seconds_exponent",
                Estimate.Of([.. costs.Select(c => PowerLaw.Fit(x, [.. c.Select(k => k.Seconds)]).Exponent)])
            );
            report.Key(
                $"{what}_seconds_exponent_last_decade",
                Estimate.Of([.. costs.Select(c => PowerLaw.Fit(x[^2..], [.. c[^2..].Select(k => k.Seconds)]).Exponent)])
            );
            report.Key($"{what}_most", sizes[^1]);
            report.Key($"{what}_seconds_of_most", Estimate.Of([.. costs.Select(c => c[^1].Seconds)]).Median);
            // What the allocator has kept from greater sizes hides the smaller ones' memory from the second round on.
            var first = costs[0];
            report.Key(
                $"{what}_memory_exponent",
                PowerLaw.Fit(x, [.. first.Select(k => (double)k.PeakBytes)]).Exponent
            );
            report.Key($"{what}_memory_bytes_each", (first[^1].PeakBytes - first[0].PeakBytes) / (x[^1] - x[0]));
            if (first.All(k => k.EngineBytes > 0))
                report.Key(
                    $"{what}_engine_bytes_exponent",
                    PowerLaw.Fit(x, [.. first.Select(k => (double)k.EngineBytes)]).Exponent
                );
        }
    }

    /// <summary>So many tasks of 8 rows, started together on a warm cache.</summary>
    private static Cost Adaptations(LoadedEngine engine, DatasetPack pack, int tasks)
    {
        var seconds = engine.Together([
            .. Enumerable
                .Range(0, tasks)
                .Select(t =>
                    engine.Work(
                        pack,
                        null,
                        ReadoutMode.Head,
                        Settings("layer2") with
                        {
                            Seed = t,
                            Batch = 8,
                            Examples = 40,
                        }
                    )
                ),
        ]);
        return new Cost(seconds, PeakMemory.Read(), engine.Engine.Statistics.PrefixBytes);
    }

    /// <summary>One prediction of each of so many tasks.</summary>
    private static Cost Predictions(RandomTasks random, Requests load, int tasks)
    {
        var states = Enumerable.Range(0, tasks).Select(random.State).ToArray();
        var served = states.Select(ServedTask.Of).ToArray();
        var seconds = load.Seconds(tasks, i => served[i]);
        var peak = PeakMemory.Read();
        return new Cost(seconds, peak, states.Sum(s => (long)s.Serialize().Length));
    }

    /// <summary>
    /// From the pack in a file to the end of one task's adaptation on all the images: activations, steps, evaluation of
    /// a quarter.
    /// </summary>
    private static Cost OfImages(Network network, string folder, int images)
    {
        var path = Path.Combine(folder, $"{images}.pack");
        if (!File.Exists(path))
        {
            using var file = File.Create(path);
            Pictures.Canvases(images).WritePack(file);
        }
        // A fresh engine: its cache is empty. The later cut, so that 100,000 images fit into the default budget.
        using var engine = LoadedEngine.Start(network);
        var start = Stopwatch.GetTimestamp();
        using var pack = DatasetPack.Open(path);
        engine.Together(engine.Work(pack, null, ReadoutMode.Head, Settings("layer3")));
        return new Cost(
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            PeakMemory.Read(),
            engine.Engine.Statistics.PrefixBytes
        );
    }

    /// <summary>One task of so many classes of its own on a fixed number of images: regression, steps, refit.</summary>
    private static Cost OfClasses(Network network, int classes, int images)
    {
        using var pack = Pictures.Of(images, 48, [.. Enumerable.Range(0, classes).Select(k => $"class {k}")]);
        using var engine = LoadedEngine.Start(network);
        var seconds = engine.Together(engine.Work(pack, null, ReadoutMode.Own, Settings("layer3")));
        return new Cost(seconds, PeakMemory.Read(), 0);
    }

    private static TaskSettings Settings(string cut) =>
        new()
        {
            Cut = cut,
            Steps = Steps,
            EvaluateEvery = Steps,
            Gate = GatePolicy.Off,
            TestImages = 0,
        };
}
