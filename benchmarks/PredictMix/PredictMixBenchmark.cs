using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Infrastructure.Statistics;
using ComodCluster.Lab.Plots;

namespace ComodCluster.Benchmarks.PredictMix;

/// <summary>
/// Predictions whose rows are of many tasks, drawn at random, against one task, and against the backbone without gains.
/// </summary>
internal sealed class PredictMixBenchmark : IBenchmark
{
    private const string Base = "base",
        Penultimate = "penultimate_1000",
        Places = "places_1000";
    private const int Images = 64,
        Reference = 1000;
    private const ulong Draws = 41;

    public string Name => "predict-mix";
    public string Description =>
        "Predictions of 1 to 10,000 tasks mixed in batches, against one task and against no gains.";

    public Report Run(Effort effort)
    {
        var report = new Report(Name, "", "network", "contestant", "round", "seconds", "images_per_second");
        var lines = new List<PlotLine>();
        int[] counts = [1, 10, 100, 1000, 10_000];
        Measure(effort, report, lines, Network.Small(), 48, counts, effort.IsQuick ? 1024 : 4096);
        if (!effort.IsQuick)
            Measure(effort, report, lines, Network.ResNet18(), 256, counts, 256);
        report.Plot(
            new LinePlot(
                "Predictions with the rows of a batch drawn from many tasks",
                "distinct tasks",
                "images per second",
                0,
                Math.Ceiling(lines.SelectMany(line => line.Points).Max(point => point.Y.High) / 10) * 10,
                lines
            )
            {
                LogX = true,
            }
        );
        return report;
    }

    private static void Measure(
        Effort effort,
        Report report,
        List<PlotLine> lines,
        Network network,
        int side,
        int[] counts,
        int requests
    )
    {
        var prefix = network.Name == "small" ? "" : $"{network.Name}_";
        using var pack = Pictures.Of(Images, side, Pictures.Classes);
        using var engine = LoadedEngine.Start(network);
        report.Versions = engine.Versions;
        var random = new RandomTasks(engine, "layer2");
        var load = Requests.Of(engine, pack);

        var states = Enumerable.Range(0, counts[^1]).Select(random.State).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var blobs = states.Select(s => s.Serialize()).ToArray();
        Array.Clear(states);
        var served = blobs.Select(b => ServedTask.Of(TaskState.Parse(b))).ToArray();
        var stateBytes = blobs[0].Length;
        Array.Clear(blobs);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / served.Length;

        // Readouts of new classes: all of the penultimate features, and of all places in turn.
        var places = ReadoutPlace.CandidatesOf(network.Spec);
        ServedTask[] penultimate = [.. Numbers().Select(i => random.Placed(i, ReadoutPlace.Penultimate))],
            placed = [.. Numbers().Select(i => random.Placed(i, places[i % places.Count]))];

        var round = 0;
        var rounds = Rounds.Run(
            effort,
            [
                .. counts.Select(count => new Contestant(
                    Tasks(count),
                    () =>
                    {
                        var stream = (ulong)Interlocked.Increment(ref round);
                        return load.Seconds(requests, i => served[CounterRandom.Below(count, Draws, stream, (ulong)i)]);
                    }
                )),
                new(Base, () => load.Seconds(requests, _ => random.Base)),
                new(Penultimate, () => load.Seconds(requests, i => penultimate[i % Reference])),
                new(Places, () => load.Seconds(requests, i => placed[i % Reference])),
            ]
        );
        foreach (var contestant in rounds.Contestants)
            for (var i = 0; i < effort.Rounds; i++)
                report.Row(network.Name, contestant, i + 1, rounds[contestant][i], requests / rounds[contestant][i]);
        foreach (var contestant in rounds.Contestants)
            report.Key($"{prefix}{contestant}_images_per_second", Rate(contestant).Median);
        lines.Add(
            network.Name == "small"
                ? new PlotLine("small net, 48 px", "#4f7fc9", Curve())
                : new PlotLine("ResNet-18, 224 px", "#c8553d", Curve())
        );
        report.Key($"{prefix}mix_1000_vs_1", rounds.Speedup(Tasks(Reference), Tasks(1)));
        report.Key($"{prefix}mix_10000_vs_1", rounds.Speedup(Tasks(counts[^1]), Tasks(1)));
        report.Key($"{prefix}gains_vs_plain", rounds.Speedup(Tasks(Reference), Base));
        report.Key($"{prefix}places_vs_penultimate", rounds.Speedup(Places, Penultimate));
        report.Key($"{prefix}resident_bytes_per_task", bytes);
        report.Key($"{prefix}state_bytes", stateBytes);

        // Tasks that no request has named before, each read from its stored bytes; then one that is known, for
        // comparison.
        var cold = effort.IsQuick ? 100 : 500;
        byte[][] unseen = [.. Enumerable.Range(counts[^1], cold).Select(i => random.State(i).Serialize())];
        double[] first = [.. unseen.Select((blob, i) => load.Alone(() => ServedTask.Of(TaskState.Parse(blob)), i))];
        double[] again = [.. unseen.Select((_, i) => load.Alone(() => served[0], i))];
        for (var i = 0; i < cold; i++)
        {
            report.Row(network.Name, "cold", i + 1, first[i], 1 / first[i]);
            report.Row(network.Name, "warm", i + 1, again[i], 1 / again[i]);
        }
        report.Key($"{prefix}cold_p99_ms", 1000 * Quantile.Of(first, 0.99));
        report.Key($"{prefix}cold_p50_ms", 1000 * Quantile.Of(first, 0.5));
        report.Key($"{prefix}warm_p99_ms", 1000 * Quantile.Of(again, 0.99));
        report.Key($"{prefix}warm_p50_ms", 1000 * Quantile.Of(again, 0.5));

        static IEnumerable<int> Numbers() => Enumerable.Range(0, Reference);
        static string Tasks(int count) => $"tasks_{count}";
        Estimate Rate(string contestant) => Estimate.Of([.. rounds[contestant].Select(s => requests / s)]);
        IReadOnlyList<(double, Spread)> Curve() =>
            [
                .. counts.Select(count =>
                    (
                        (double)count,
                        Rate(Tasks(count)) is var rate ? new Spread(rate.Median, rate.Low, rate.High) : default
                    )
                ),
            ];
    }
}
