using System.IO.Compression;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Images;

namespace ComodCluster.Silo.Tests;

/// <summary>
/// A small backbone with random weights, and pictures that it can tell apart: fast enough for every test.
/// </summary>
internal static class TinyWorld
{
    public const int Side = 16;
    public static readonly string[] Classes = ["bars", "ramps", "spots"];

    public static BackboneSpec Spec { get; } = BackboneSpec.Cifar(8, [1, 1, 1], Classes, Side);

    /// <summary>A safetensors file that describes itself.</summary>
    public static byte[] Weights { get; } = WeightsOf(Spec, new() { [BackboneSpec.MetadataKey] = Spec.ToJson() });

    public static byte[] WeightsOf(BackboneSpec spec, Dictionary<string, string> metadata)
    {
        var random = new Random(7);
        return SafeTensors.Write(
            [
                .. spec.Arrays()
                    .Select(array => SafeTensor.Of(array.Name, array.Shape, Values(array.Name, array.Shape, random))),
            ],
            metadata
        );
    }

    /// <summary>A zip of class folders without a test split.</summary>
    public static byte[] Archive(int perClass = 20, params string[] classes) =>
        Zip([
            .. (classes.Length > 0 ? classes : Classes).SelectMany(
                (name, kind) => Enumerable.Range(0, perClass).Select(i => ($"{name}/{i:00}.png", Png(kind, i)))
            ),
        ]);

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return bytes.ToArray();
    }

    /// <summary>A noisy picture: bars (0), a ramp (1) or spots (2).</summary>
    public static byte[] Png(int kind, int number)
    {
        var random = new Random(1000 * kind + number);
        var image = RgbImage.Black(Side, Side);
        for (var y = 0; y < Side; y++)
        for (var x = 0; x < Side; x++)
        {
            var light = kind switch
            {
                0 => x / 2 % 2 * 200,
                1 => 12 * y,
                _ => (x % 5 == 2 && y % 5 == 2 ? 1 : 0) * 255,
            };
            for (var c = 0; c < 3; c++)
                image.Rgb[3 * (Side * y + x) + c] = (byte)Math.Clamp(light + random.Next(40), 0, 255);
        }
        return ImageDecoder.EncodePng(image);
    }

    private static float[] Values(string name, long[] shape, Random random)
    {
        var values = new float[shape.Aggregate(1L, (n, d) => n * d)];
        var isScale =
            name.EndsWith("running_var", StringComparison.Ordinal)
            || shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal);
        var spread = shape.Length > 1 ? Math.Sqrt(6.0 / shape.Skip(1).Aggregate(1L, (n, d) => n * d)) : 0.1;
        for (var i = 0; i < values.Length; i++)
            values[i] = isScale ? 1 : (float)(spread * (2 * random.NextDouble() - 1));
        return values;
    }
}
