using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Peers;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;
using ComodCluster.Infrastructure.Statistics;
using static TorchSharp.torch;

namespace ComodCluster.Benchmarks.Adapt64;

/// <summary>
/// 64 binary tasks on one data set, ResNet-18 at 224 px, against PyTorch that adapts one after another.
/// </summary>
internal sealed class Adapt64Benchmark : IBenchmark
{
    private const int BatchRows = 64,
        Batch = 16,
        PerClass = 12,
        Side = 256,
        DefaultSteps = 150;

    /// <summary>
    /// What a sample holds: a whole cycle of the decoder gain's refresh; the quick form shows only that all runs.
    /// </summary>
    /// <param name="PeerTasks">Tasks in a sample of the tuned peer.</param>
    private sealed record Size(int Tasks, int Steps, int PeerTasks);

    private const string Plain = "plain",
        Tuned = "tuned";
    private static readonly string[] Cuts = ["layer2", "layer3"];

    public string Name => "adapt-64";
    public string Description => "64 tasks adapted together on ResNet-18 against PyTorch, one task after another.";

    public Report Run(Effort effort)
    {
        var size = effort.IsQuick ? new Size(4, 1, 1) : new Size(64, 3, 4);
        var threads = Environment.ProcessorCount;
        LibTorch.SetThreads(threads);
        var network = Network.ResNet18();
        using var pack = Pictures.Of(PerClass * Pictures.Classes.Count, Side, Pictures.Classes);
        using var engine = LoadedEngine.Start(network);
        var works = Cuts.ToDictionary(
            c => c,
            c => Enumerable.Range(0, size.Tasks).Select(t => WorkOf(engine, pack, c, t, size.Steps)).ToArray()
        );
        var folder = Directory.CreateTempSubdirectory("comod-adapt-").FullName;
        try
        {
            WriteFiles(folder, network, pack, works[Cuts[0]]);
            using var peer = PythonPeer.Start(
                "adapt.py",
                folder,
                $"{network.Spec.InputSize}",
                $"{threads}",
                $"{LoadedEngine.Device.type}".ToLowerInvariant()
            );
            foreach (var cut in Cuts)
                RequireSameStep(network, pack, works[cut][0], peer, folder, cut);

            var report = new Report(Name, $"{engine.Versions}; {peer.Versions}", "contestant", "round", "seconds");
            var cold = Cuts.ToDictionary(c => c, c => engine.Together(works[c]));
            var peerFill = Cuts.ToDictionary(c => c, c => peer.Sample($"fill {Tuned} {c}"));
            // A sample of a peer is a few tasks: its tasks cost the same and share nothing, so their seconds are
            // scaled.
            var next = 0;
            var rounds = Rounds.Run(
                effort,
                [
                    .. Cuts.SelectMany(cut =>
                        new Contestant[]
                        {
                            new(Ours(cut), () => engine.Together(works[cut])),
                            new(PeerSteps(Plain, cut), () => Peer($"steps {Plain} {cut}", 1)),
                            new(PeerRest(Plain, cut), () => Peer($"rest {Plain} {cut}", 1)),
                            new(PeerSteps(Tuned, cut), () => Peer($"steps {Tuned} {cut}", size.PeerTasks)),
                            new(PeerRest(Tuned, cut), () => Peer($"rest {Tuned} {cut}", size.PeerTasks)),
                        }
                    ),
                ]
            );
            foreach (var contestant in rounds.Contestants)
                for (var i = 0; i < effort.Rounds; i++)
                    report.Row(contestant, i + 1, rounds[contestant][i]);
            foreach (var cut in Cuts)
            {
                var key = $"adapt64_cut{cut[^1]}";
                var own = rounds[Ours(cut)];
                var fill = Math.Max(0, cold[cut] - Estimate.Of(own).Median);
                report.Key(
                    $"{key}_vs_pytorch",
                    rounds.Speedup(Ours(cut), [PeerSteps(Plain, cut), PeerRest(Plain, cut)])
                );
                report.Key(
                    $"{key}_vs_pytorch_tuned",
                    rounds.Speedup(Ours(cut), [PeerSteps(Tuned, cut), PeerRest(Tuned, cut)])
                );
                report.Key($"{key}_vs_pytorch_steps_only", rounds.Speedup(Ours(cut), PeerSteps(Plain, cut)));
                report.Key($"{key}_vs_pytorch_tuned_steps_only", rounds.Speedup(Ours(cut), PeerSteps(Tuned, cut)));
                report.Key($"{key}_vs_pytorch_with_fill", WithFill(rounds, Plain, cut, fill, 0, size.Steps));
                report.Key(
                    $"{key}_vs_pytorch_tuned_with_fill",
                    WithFill(rounds, Tuned, cut, fill, peerFill[cut], size.Steps)
                );
                report.Key($"{key}_fill_seconds", fill);
                report.Key($"{key}_pytorch_tuned_fill_seconds", peerFill[cut]);
                report.Key($"{key}_task_steps_per_second", size.Tasks * size.Steps / Estimate.Of(own).Median);
            }
            return report;

            double Peer(string request, int tasks)
            {
                var first = next++ % size.Tasks;
                return peer.Sample($"{request} {first} {tasks}") * size.Tasks / tasks;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Ours(string cut) => $"comod_{cut}";

    private static string PeerSteps(string variant, string cut) => $"pytorch_{variant}_{cut}_steps";

    private static string PeerRest(string variant, string cut) => $"pytorch_{variant}_{cut}_refresh_and_evaluation";

    /// <summary>
    /// Both sides with the share of their activation cache's one filling that falls on a sample's steps, of the default
    /// number of steps.
    /// </summary>
    private static Estimate WithFill(Rounds rounds, string variant, string cut, double fill, double peerFill, int steps)
    {
        var share = (double)steps / DefaultSteps;
        return Estimate.Of([
            .. rounds[Ours(cut)]
                .Select(
                    (own, i) =>
                        (rounds[PeerSteps(variant, cut)][i] + rounds[PeerRest(variant, cut)][i] + peerFill * share)
                        / (own + fill * share)
                ),
        ]);
    }

    /// <summary>One class against another; the pairs come round with other seeds.</summary>
    private static AdaptationWork WorkOf(LoadedEngine engine, DatasetPack pack, string cut, int number, int steps)
    {
        var (a, b) = TaskPairs.Of(number, Pictures.Classes.Count);
        var settings = new TaskSettings
        {
            Cut = cut,
            Seed = number,
            Batch = Batch,
            Steps = steps,
            EvaluateEvery = steps,
            Gate = GatePolicy.Off,
            TestImages = 0,
        };
        return engine.Work(pack, [Pictures.Classes[a], Pictures.Classes[b]], ReadoutMode.Head, settings);
    }

    /// <summary>
    /// What the peer needs to do the same: weights, the engine's own pixels, and which images each step takes.
    /// </summary>
    private static void WriteFiles(string folder, Network network, DatasetPack pack, AdaptationWork[] works)
    {
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), network.Weights);
        using var scope = NewDisposeScope();
        using var backbone = Backbone.Load(network.Weights, CPU);
        using var decoded = DecodedBatch.Start(
            backbone.Spec,
            [.. Enumerable.Range(0, pack.Count).Select(i => new PackImage(pack, i))]
        );
        var pixels = decoded.Batch(backbone, [.. Enumerable.Range(0, pack.Count)], pack.Count);
        File.WriteAllBytes(
            Path.Combine(folder, "images.f32"),
            MemoryMarshal.AsBytes(pixels.data<float>().ToArray().AsSpan()).ToArray()
        );
        File.WriteAllText(
            Path.Combine(folder, "tasks.json"),
            JsonSerializer.Serialize(
                works.Select(work =>
                {
                    var (settings, plan) = (
                        work.Trials[0],
                        TrialPlan.Of(network.Spec, pack, work.Task, work.Trials[0])
                    );
                    var batches = Enumerable
                        .Range(0, settings.Steps)
                        .Select(s =>
                            Sampler
                                .Rows(plan.Train.Length, Batch, settings.Seed, s)
                                .Select(i => plan.Train[i])
                                .ToArray()
                        )
                        .ToArray();
                    return new
                    {
                        head = work.Task.HeadRows,
                        batches,
                        labels = batches.Select(LabelsOf),
                        held = plan.EarlyStopping,
                        held_labels = LabelsOf(plan.EarlyStopping),
                        rate = settings.LearningRate,
                        penalty = settings.Penalty,
                        cap = settings.Cap,
                        sigma = settings.Sigma,
                        grid = settings.Grid,
                    };

                    int[] LabelsOf(int[] images) => [.. images.Select(i => Targets.ClassOf(work.Task, pack, i))];
                })
            )
        );
    }

    /// <summary>
    /// Loss and gradient of the first step, in the engine's precisions and the tuned peer, against plain PyTorch.
    /// </summary>
    private static void RequireSameStep(
        Network network,
        DatasetPack pack,
        AdaptationWork work,
        PythonPeer peer,
        string folder,
        string cut
    )
    {
        var plan = TrialPlan.Of(network.Spec, pack, work.Task, work.Trials[0]);
        var truth = OfPeer(Plain);
        Require($"pytorch {Tuned} {cut}", OfPeer(Tuned), 0.05);
        // A GPU multiplies float32 in shorter products, on both sides.
        Require(
            $"comod float32 {cut}",
            OfEngine(Precision.Float32),
            LoadedEngine.Device.type == TorchSharp.DeviceType.CPU ? 1e-3 : 0.02
        );
        var auto = Precisions.Choose("auto", LoadedEngine.Device);
        if (auto != Precision.Float32)
            Require($"comod {auto.ToString().ToLowerInvariant()} {cut}", OfEngine(auto), 0.05);

        (double Loss, float[] Gradient) OfPeer(string variant)
        {
            var loss = peer.Sample($"gradient {variant} {cut}");
            return (
                loss,
                MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "gradient.f32"))).ToArray()
            );
        }

        (double Loss, float[] Gradient) OfEngine(Precision precision)
        {
            using var backbone = Backbone.Load(network.Weights, LoadedEngine.Device, precision: precision);
            using var activations = new ActivationCache(long.MaxValue, BatchRows);
            using var lanes = new BareLanes(
                backbone,
                activations,
                pack,
                work.Task,
                BatchRows,
                plan.Train,
                [],
                work.Trials[0]
            );
            var (loss, u, v) = lanes.FirstStep();
            return (loss, [.. u, .. v]);
        }

        void Require(string who, (double Loss, float[] Gradient) found, double tolerance)
        {
            var loss = Math.Abs(found.Loss - truth.Loss) / Math.Max(1, Math.Abs(truth.Loss));
            var gradient = Difference.Relative(found.Gradient, truth.Gradient);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{who}: first loss within {loss:0.0e+0}, gradient within {gradient:0.0e+0} of PyTorch's"
                )
            );
            if (!(loss <= tolerance && gradient <= tolerance))
                throw new BenchmarkException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{who} takes another step than PyTorch: its loss is {loss:0.0e+0} away and its gradient "
                            + $"{gradient:0.0e+0}, which may be {tolerance:0.0e+0}; a time would mean nothing."
                    )
                );
        }
    }
}
