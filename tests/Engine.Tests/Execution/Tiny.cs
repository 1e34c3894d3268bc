using System.Globalization;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>
/// A backbone of width 8 with random weights on 16 px and data sets that it can tell apart: fast enough for every test.
/// </summary>
internal static class Tiny
{
    public const int Side = 16;
    public const string Tenant = "tenant";
    public static readonly string[] Classes = ["bars", "spots", "ramps"];

    /// <summary>Tensors that somebody still holds: what earlier tests let go of is collected before.</summary>
    public static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return TorchSharp.torch.Tensor.TotalCount;
    }

    public static BackboneSpec Spec { get; } = BackboneSpec.Cifar(8, [1, 1, 1], Classes, Side);

    public static byte[] Weights { get; } = MakeWeights(Spec);

    public static byte[] MakeWeights(BackboneSpec spec)
    {
        var tensors = new List<SafeTensor>();
        ulong stream = 0;
        foreach (var (name, shape) in new ResidualNetwork(spec).Arrays())
        {
            var count = (int)shape.Aggregate(1L, (n, d) => n * d);
            var fan = shape.Length > 1 ? shape.Skip(1).Aggregate(1L, (n, d) => n * d) : 1;
            stream++;
            var scale =
                name.EndsWith("running_var", StringComparison.Ordinal)
                || (shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal))
                    ? 0
                    : Math.Sqrt(2.0 / fan) * (shape.Length == 1 ? 0.1 : 1);
            var offset = scale == 0 ? 1 : 0;
            tensors.Add(
                SafeTensor.Of(
                    name,
                    shape,
                    [
                        .. Enumerable
                            .Range(0, count)
                            .Select(i => (float)(offset + scale * CounterRandom.Normal(7, stream, (ulong)i))),
                    ]
                )
            );
        }
        return SafeTensors.Write(
            tensors,
            new Dictionary<string, string> { [BackboneSpec.MetadataKey] = spec.ToJson() }
        );
    }

    /// <summary>Noisy pictures of bars, spots and ramps.</summary>
    public static DatasetPack Pack(int train = 24, int test = 12, ulong seed = 1, string[]? classes = null)
    {
        classes ??= Classes;
        var stream = new MemoryStream();
        using (var writer = new DatasetPackWriter(stream, DatasetKind.Classes, classes))
        {
            for (var i = 0; i < train + test; i++)
                writer.Add(
                    ImageDecoder.EncodePng(Picture(i % classes.Length, seed, (ulong)i)),
                    Side,
                    Side,
                    i < train ? DatasetSplit.Train : DatasetSplit.Test,
                    [i % classes.Length]
                );
            writer.Complete("tiny");
        }
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }

    /// <summary>Like <see cref="Pack"/>; one training image is no image.</summary>
    public static DatasetPack PackWithABrokenImage()
    {
        var stream = new MemoryStream();
        using (var writer = new DatasetPackWriter(stream, DatasetKind.Classes, Classes))
        {
            for (var i = 0; i < 12; i++)
                writer.Add(
                    i == 7 ? [1, 2, 3] : ImageDecoder.EncodePng(Picture(i % Classes.Length, 1, (ulong)i)),
                    Side,
                    Side,
                    DatasetSplit.Train,
                    [i % Classes.Length]
                );
            writer.Complete("broken");
        }
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }

    /// <summary>Pictures with two independent attributes: bright, striped.</summary>
    public static DatasetPack AttributePack(int train = 24, int test = 12)
    {
        var stream = new MemoryStream();
        using (var writer = new DatasetPackWriter(stream, DatasetKind.Attributes, ["bright", "striped"]))
        {
            for (var i = 0; i < train + test; i++)
            {
                int bright = i % 2,
                    striped = i / 2 % 2;
                var image = Picture(striped == 1 ? 0 : 2, 3, (ulong)i);
                var pixels = image.Rgb.Select(b => (byte)Math.Clamp(b / 2 + bright * 100, 0, 255)).ToArray();
                writer.Add(
                    ImageDecoder.EncodePng(new RgbImage(Side, Side, pixels)),
                    Side,
                    Side,
                    i < train ? DatasetSplit.Train : DatasetSplit.Test,
                    [bright, striped]
                );
            }
            writer.Complete("tiny attributes");
        }
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }

    public static RgbImage Picture(int kind, ulong seed, ulong counter)
    {
        var pixels = new byte[Side * Side * 3];
        var shift = CounterRandom.Below(4, seed, 1, counter);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var value = kind switch
                {
                    0 => (x + shift) / 2 % 2 * 200,
                    1 => (x + shift) % 4 == 0 && y % 4 == 0 ? 255 : 40,
                    _ => (x + y + shift) * 7,
                };
                for (var c = 0; c < 3; c++)
                {
                    var at = (y * Side + x) * 3 + c;
                    pixels[at] = (byte)
                        Math.Clamp(value + 60 * CounterRandom.Normal(seed, 2 + counter, (ulong)at), 0, 255);
                }
            }
        }
        return new RgbImage(Side, Side, pixels);
    }

    public static TaskSettings Settings { get; } =
        new()
        {
            Cut = "layer1",
            Grid = 4,
            Steps = 12,
            Batch = 8,
            EvaluateEvery = 4,
            Gate = GatePolicy.Off,
        };

    /// <summary>With the method's own rates.</summary>
    public static TaskSettings SettingsOf(Method method) =>
        Settings with
        {
            Method = method,
            LearningRate = TaskSettings.For(method).LearningRate,
            Penalty = TaskSettings.For(method).Penalty,
        };

    /// <summary>Every method that there is.</summary>
    public static TaskSettings[] EveryMethod { get; } = [.. Enum.GetValues<Method>().Select(SettingsOf)];

    /// <summary>
    /// With the device, precision and threads that COMOD_DEVICE, COMOD_PRECISION and COMOD_THREADS name; else the
    /// processor, the precision that suits it and one.
    /// </summary>
    public static EngineOptions Options { get; } =
        new()
        {
            Device = Environment.GetEnvironmentVariable("COMOD_DEVICE") ?? "cpu",
            Precision = Environment.GetEnvironmentVariable("COMOD_PRECISION") ?? "auto",
            Threads = int.Parse(
                Environment.GetEnvironmentVariable("COMOD_THREADS") ?? "1",
                CultureInfo.InvariantCulture
            ),
        };

    public static async Task<TaskEngine> Engine(EngineOptions? options = null)
    {
        var engine = new TaskEngine(options ?? Options, TimeProvider.System);
        await engine.LoadBackbone(Weights, null, null, TestContext.Current.CancellationToken);
        return engine;
    }

    public static string Digest { get; } = SafeTensors.DigestOf(Weights);

    public static AdaptationWork Work(DatasetPack pack, params TaskSettings[] trials) => Work(pack, null, trials);

    public static AdaptationWork Work(DatasetPack pack, ReadoutMode? mode, params TaskSettings[] trials) =>
        new()
        {
            BackboneDigest = Digest,
            Pack = pack,
            Task = TaskDefinition.Resolve(Spec, pack.Manifest, null, mode),
            Trials = trials,
        };
}
