using System.IO.Compression;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Onnx;
using ComodCluster.Engine.Data.Images;
using ComodCluster.TestInfrastructure;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Backbones.Onnx;

/// <summary>What is made of the file that ships, against ONNX Runtime on the file itself.</summary>
public class ImageNetBackboneTests
{
    private const string Digest = "d8ff4c9b988eb6a8b238120a3e01ebb1f11036ec1ccb99e84093e076eead5d30";
    private const int Photos = 32,
        Side = 224;

    private static readonly string File = Path.Combine(
        AppContext.BaseDirectory,
        "Backbones",
        $"{ImageNetBackbone.Name}.onnx"
    );

    public ImageNetBackboneTests() => set_num_threads(1);

    [Fact]
    public void Convert_Features_AreThoseOfOnnxRuntime()
    {
        using var scope = NewDisposeScope();
        var photos = Read();
        var expected = Peer(photos);

        foreach (var (kernels, tolerance) in new[] { (ElementType.Float32, 1e-4f), (ElementType.Float16, 5e-3f) })
        {
            var file = ImageNetBackbone.Convert(File, kernels);
            using var backbone = Backbone.Load(file, CPU);
            Assert.Equal(
                (512, 0, true),
                (backbone.FeatureWidth, backbone.Spec.Classes.Count, backbone.DescribesItself)
            );
            Assert.Equal(ImageNetBackbone.Spec.Parameters, backbone.ParameterCount);
            var features = backbone.Prefix(tensor(photos, [Photos, 3, Side, Side]), Cut.Pool);
            var difference = ((features - expected).abs().max() / expected.abs().max()).item<float>();
            Assert.InRange(difference, 0, tolerance);
        }
    }

    [Fact]
    public void Convert_HalfKernels_AreTheSameBytesEverywhere()
    {
        var file = ImageNetBackbone.Convert(File);

        Assert.Equal(Digest, SafeTensors.DigestOf(file));
        Assert.InRange(file.Length, 31_000_000, 33_000_000);
    }

    [Fact]
    public void Convert_FileThatWasChanged_SaysSo()
    {
        using var folder = new TempFolder();
        var changed = folder.File("changed.onnx");
        System.IO.File.WriteAllBytes(changed, [8, 3]);

        var e = Assert.Throws<InputException>(() => ImageNetBackbone.Convert(changed));

        Assert.Equal("weights-file", e.Code);
        Assert.Contains("its SHA-256 is", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Half of them grey, half in colours: [32, 3, 224, 224].</summary>
    private static float[] Read()
    {
        var spec = ImageNetBackbone.Spec;
        var preprocessing = new Preprocessing(
            spec.ResizeShortSide,
            spec.InputSize,
            new(spec.Mean[0], spec.Mean[1], spec.Mean[2]),
            new(spec.Std[0], spec.Std[1], spec.Std[2])
        );
        var values = new float[Photos * 3 * Side * Side];
        var row = 0;
        foreach (var archive in new[] { "steel-small.zip", "cifar10-small.zip" })
        {
            using var zip = ZipFile.OpenRead(SharedData.Path(archive));
            var entries = zip.Entries.Where(e => e.Name.Length > 0).ToArray();
            for (var i = 0; i < Photos / 2; i++, row++)
            {
                using var encoded = new MemoryStream();
                using (var entry = entries[i * (entries.Length / (Photos / 2))].Open())
                    entry.CopyTo(encoded);
                preprocessing.Apply(
                    ImageDecoder.Decode(encoded.ToArray(), ImageLimits.Default),
                    values.AsSpan(row * 3 * Side * Side, 3 * Side * Side)
                );
            }
        }
        return values;
    }

    /// <summary>The file takes blue first, from 0 to 255 less the mean colours, one photo at a time.</summary>
    private static Tensor Peer(float[] photos)
    {
        using var settings = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(File, settings);
        using var run = new RunOptions();
        var features = new float[Photos * 512];
        for (var row = 0; row < Photos; row++)
        {
            var blueFirst = new float[3 * Side * Side];
            for (var c = 0; c < 3; c++)
                photos.AsSpan((3 * row + c) * Side * Side, Side * Side).CopyTo(blueFirst.AsSpan((2 - c) * Side * Side));
            using var image = OrtValue.CreateTensorValueFromMemory(blueFirst, [1, 3, Side, Side]);
            using var outputs = session.Run(run, session.InputNames, [image], session.OutputNames);
            outputs[0].GetTensorDataAsSpan<float>().CopyTo(features.AsSpan(512 * row));
        }
        return tensor(features, [Photos, 512]);
    }
}
