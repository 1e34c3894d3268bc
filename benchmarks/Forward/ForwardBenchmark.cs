using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Peers;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Native;
using ComodCluster.Infrastructure.Statistics;
using static TorchSharp.torch;

namespace ComodCluster.Benchmarks.Forward;

/// <summary>
/// ResNet-18 at 224 px, batch of 16: images to logits. All contestants have the same weights and are held to the same
/// logits first.
/// </summary>
internal sealed class ForwardBenchmark : IBenchmark
{
    private const int Batch = 16,
        Side = 224,
        Classes = 1000;
    private const string Auto = "comod_auto",
        Float32 = "comod_float32",
        PyTorch = "pytorch_float32",
        PyTorchTuned = "pytorch_bfloat16",
        Onnx = "onnx_float32";

    public string Name => "forward";
    public string Description => "Frozen ResNet-18 at 224 px, batch of 16, against PyTorch and ONNX Runtime.";

    public Report Run(Effort effort)
    {
        var repeats = effort.IsQuick ? 1 : 3;
        var threads = Environment.ProcessorCount;
        LibTorch.SetThreads(threads);
        var folder = Directory.CreateTempSubdirectory("comod-forward-").FullName;
        try
        {
            using var pytorch = PythonPeer.Start("forward.py", folder, $"{Batch}", $"{Side}", $"{threads}");
            float[] pixels = Floats("images.f32"),
                logits = Floats("logits.f32");
            using var onnx = new OnnxPeer(Path.Combine(folder, "model.onnx"), pixels, [Batch, 3, Side, Side], threads);
            var precision = Precisions.Choose("auto", CPU);
            var weights = File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));
            using var fast = Load(precision);
            using var exact = Load(Precision.Float32);
            using var images = tensor(pixels, [Batch, 3, Side, Side]);

            RequireSame(Onnx, onnx.Run(), 1e-4);
            RequireSame(Float32, Forward(exact), 1e-4);
            RequireSame(Auto, Forward(fast), precision == Precision.Float32 ? 1e-4 : 0.05);

            var rounds = Rounds.Run(
                effort,
                new(Auto, () => Seconds(() => Forward(fast))),
                new(Float32, () => Seconds(() => Forward(exact))),
                new(Onnx, () => Seconds(() => onnx.Run())),
                new(PyTorch, () => pytorch.Sample($"float32 {repeats}")),
                new(PyTorchTuned, () => pytorch.Sample($"bfloat16 {repeats}"))
            );

            var report = new Report(
                Name,
                $"auto is {precision.ToString().ToLowerInvariant()}; {threads} threads; libtorch 2.10.0; "
                    + $"{OnnxPeer.Version}; {pytorch.Versions}",
                "contestant",
                "round",
                "seconds",
                "images_per_second"
            );
            foreach (var contestant in rounds.Contestants)
            {
                for (var i = 0; i < effort.Rounds; i++)
                    report.Row(contestant, i + 1, rounds[contestant][i], Batch * repeats / rounds[contestant][i]);
                report.Key($"{contestant}_images_per_second", Batch * repeats / Estimate.Of(rounds[contestant]).Median);
            }
            report.Key("forward_vs_onnx", rounds.Speedup(Auto, Onnx));
            report.Key("forward_vs_pytorch", rounds.Speedup(Auto, PyTorch));
            report.Key("forward_float32_vs_onnx", rounds.Speedup(Float32, Onnx));
            report.Key("forward_float32_vs_pytorch", rounds.Speedup(Float32, PyTorch));
            report.Key("forward_vs_pytorch_bfloat16", rounds.Speedup(Auto, PyTorchTuned));
            return report;

            float[] Floats(string file) =>
                MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, file))).ToArray();

            Backbone Load(Precision of) =>
                Backbone.Load(
                    weights,
                    CPU,
                    specIfNoMetadata: BackboneSpec.ResNet18([
                        .. Enumerable.Range(0, Classes).Select(k => $"class-{k}"),
                    ]),
                    precision: of
                );

            float[] Forward(Backbone backbone)
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                var features = backbone.Prefix(images, Cut.Pool); // [16, 512]
                return (features.matmul(backbone.HeadWeight.t()) + backbone.HeadBias).data<float>().ToArray();
            }

            double Seconds(Func<float[]> forward)
            {
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < repeats; i++)
                    forward();
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            void RequireSame(string contestant, float[] found, double tolerance)
            {
                var difference = found.Zip(logits, (a, b) => Math.Abs(a - b)).Max() / logits.Max(Math.Abs);
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{contestant}: logits within {difference:0.0e+0} of PyTorch's"
                    )
                );
                if (found.Length != logits.Length || !(difference <= tolerance))
                    throw new BenchmarkException(
                        $"{contestant} computes other logits than PyTorch: the difference is {difference:0.0e+0} of "
                            + $"the largest one and may be {tolerance:0.0e+0}; a time would mean nothing."
                    );
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
