using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Benchmarks.Packed;

/// <summary>
/// Settings of one task as trials of one work against the same works one after another, and both against batches of
/// just the trial's rows.
/// </summary>
internal sealed class PackedBenchmark : IBenchmark
{
    private const string Packed = "packed",
        Alone = "alone",
        Cached = "cached",
        Uncached = "uncached";
    private const int BatchRows = 64,
        Images = 240;

    public string Name => "packed";
    public string Description =>
        "Settings of one task that share batches against the same settings one after another; the activation cache "
        + "against none.";

    /// <param name="Rows">Images of a step.</param>
    /// <param name="Trials">Settings that are compared.</param>
    /// <param name="Steps">Steps of a sample.</param>
    private sealed record Case(string Cut, int Rows, int Trials, int Steps)
    {
        /// <summary>Segments of fewer rows than 8 are padded.</summary>
        public int Batch => Math.Max(8, Rows);

        /// <summary>So many that three quarters hold the step's rows.</summary>
        public int Examples =>
            Rows == 4 ? 6
            : Rows == 8 ? 12
            : Rows * 3 / 2;
    }

    public Report Run(Effort effort)
    {
        var report = new Report(Name, "", "part", "contestant", "round", "seconds");
        if (effort.IsQuick)
        {
            Measure(
                effort,
                report,
                Network.Small(),
                48,
                1,
                [new("layer2", 4, 4, 3), new("layer2", 16, 4, 3)],
                bareRows: [1, 16]
            );
            Measure(effort, report, Network.ResNet18(), 256, 1, [new("layer3", 16, 2, 1)], bareRows: []);
            return report;
        }
        Measure(
            effort,
            report,
            Network.Small(),
            48,
            9,
            [new("layer2", 4, 8, 6), new("layer2", 8, 8, 6), new("layer2", 16, 8, 6), new("layer2", 64, 8, 3)],
            bareRows: [1, 4, 16]
        );
        Measure(
            effort,
            report,
            Network.ResNet18(),
            256,
            3,
            [new("layer2", 16, 4, 3), new("layer3", 16, 4, 3), new("layer3", 64, 2, 3)],
            bareRows: [16]
        );
        return report;
    }

    private static void Measure(
        Effort effort,
        Report report,
        Network network,
        int side,
        int bareSteps,
        IReadOnlyList<Case> cases,
        IReadOnlyList<int> bareRows
    )
    {
        IReadOnlyList<string> classes = [.. Pictures.Classes.Take(2)];
        using var pack = Pictures.Of(effort.IsQuick ? Images / 2 : Images, side, classes);
        using (var engine = LoadedEngine.Start(network))
        {
            report.Versions = engine.Versions;
            foreach (var @case in cases)
            {
                TaskSettings[] sweep =
                [
                    .. Sweep(@case.Cut, @case.Batch, @case.Trials)
                        .Select(s => s with { Examples = @case.Examples, Steps = @case.Steps }),
                ];
                AdaptationWork[] alone = [.. sweep.Select(s => engine.Work(pack, classes, ReadoutMode.Head, s))];
                var packed = engine.Work(pack, classes, ReadoutMode.Head, sweep);
                var cut = network.Name == "small" ? "" : $"cut{@case.Cut[^1]}_";
                Compare(
                    $"packed_{network.Name}_{cut}{@case.Rows}",
                    new(Packed, () => engine.Together(packed)),
                    new(Alone, () => engine.OneAfterAnother(alone))
                );
            }
        }

        using var backbone = Backbone.Load(
            network.Weights,
            LoadedEngine.Device,
            precision: Precisions.Choose("auto", LoadedEngine.Device)
        );
        using var warm = new ActivationCache(long.MaxValue, BatchRows);
        using var none = new ActivationCache(0, BatchRows);
        foreach (var cut in network.Name == "small" ? ["layer2"] : new[] { "layer2", "layer3" })
            BareLanes.Fill(backbone, warm, cut, pack);
        var task = TaskDefinition.Resolve(network.Spec, pack.Manifest, classes, ReadoutMode.Head);
        foreach (var rows in bareRows)
        {
            var sweep = Sweep("layer2", rows, BatchRows / rows);
            using BareLanes packed = Lanes(warm, BatchRows, sweep),
                alone = Lanes(warm, rows, sweep);
            Compare(
                $"packed_{network.Name}_{rows}_unpadded",
                new(Packed, () => packed.Seconds(bareSteps)),
                new(Alone, () => alone.Seconds(bareSteps))
            );
        }
        if (network.Name == "small")
            return;
        foreach (var cut in new[] { "layer2", "layer3" })
        {
            // Other seeds, other images: rows that several trials share would be computed once by a careful program
            // without a cache.
            TaskSettings[] sweep = [.. Sweep(cut, 16, 4).Select((s, i) => s with { Seed = i })];
            using BareLanes cached = Lanes(warm, BatchRows, sweep),
                uncached = Lanes(none, BatchRows, sweep);
            Compare(
                $"cached_{network.Name}_cut{cut[^1]}",
                new(Cached, () => cached.Seconds(bareSteps)),
                new(Uncached, () => uncached.Seconds(bareSteps))
            );
        }

        BareLanes Lanes(ActivationCache activations, int batchRows, TaskSettings[] sweep) =>
            new(backbone, activations, pack, task, batchRows, [.. pack.Indices(DatasetSplit.Train)], [], sweep);

        void Compare(string key, Contestant ours, Contestant peer)
        {
            Console.WriteLine(key);
            var rounds = Rounds.Run(effort, ours, peer);
            foreach (var contestant in rounds.Contestants)
                for (var i = 0; i < effort.Rounds; i++)
                    report.Row(key, contestant, i + 1, rounds[contestant][i]);
            report.Key(key, rounds.Speedup(ours.Name, peer.Name));
        }
    }

    /// <summary>Rates and amplitudes of one task, on the same images.</summary>
    private static TaskSettings[] Sweep(string cut, int batch, int trials) =>
        [
            .. Enumerable
                .Range(0, trials)
                .Select(i => new TaskSettings
                {
                    Cut = cut,
                    Batch = batch,
                    LearningRate = 0.01 + 0.005 * (i % 8),
                    Sigma = 0.05 + 0.05 * (i / 8),
                    Gate = GatePolicy.Off,
                    TestImages = 0,
                }),
        ];
}
