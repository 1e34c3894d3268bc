using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tests.Backbones;

/// <summary>
/// Weights and inputs filled by a formula that <c>Golden/make_golden.py</c> computes as well: an integer hash of the
/// array's name and the element's index gives 24 bits, hence a float32 in [-1, 1) without rounding; every later
/// operation is a single float32 rounding.
/// </summary>
public static class FormulaWeights
{
    /// <summary>A file as torchvision's state dict would give it, with the spec in its metadata.</summary>
    public static byte[] File(BackboneSpec spec, ElementType type = ElementType.Float32) =>
        SafeTensors.Write(
            [.. Tensors(spec, type)],
            new Dictionary<string, string> { [BackboneSpec.MetadataKey] = spec.ToJson() }
        );

    public static IEnumerable<SafeTensor> Tensors(BackboneSpec spec, ElementType type = ElementType.Float32) =>
        spec.Arrays().Select(t => SafeTensor.Of(t.Name, t.Shape, Values(t.Name, t.Shape), type));

    /// <summary>Normalised images [rows, 3, size, size], values in [-1, 1).</summary>
    public static float[] Images(int rows, int size) => Uniform("images", rows * 3 * size * size);

    public static float[] Values(string name, long[] shape)
    {
        var values = Uniform(name, (int)shape.Aggregate(1L, (n, d) => n * d));
        var (scale, offset) = name switch
        {
            _ when shape.Length == 4 => (MathF.Sqrt(3f / (shape[1] * shape[2] * shape[3])), 0f), // variance 1 / fan-in
            "fc.weight" => (0.1f, 0f),
            _ when name.EndsWith(".running_var", StringComparison.Ordinal) => (0.25f, 0.75f),
            _ when name.EndsWith(".running_mean", StringComparison.Ordinal) => (0.1f, 0f),
            _ when name.EndsWith(".weight", StringComparison.Ordinal) => (0.25f, 1f),
            _ => (0.1f, 0f),
        };
        for (var i = 0; i < values.Length; i++)
            values[i] = values[i] * scale + offset;
        return values;
    }

    private static float[] Uniform(string name, int count)
    {
        var key = 2166136261u; // FNV-1a of the name
        foreach (var c in name)
            key = (key ^ c) * 16777619u;
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var z = unchecked(key + (uint)i * 0x9E3779B9u); // murmur3's finaliser
            z = unchecked((z ^ z >> 16) * 0x85EBCA6Bu);
            z = unchecked((z ^ z >> 13) * 0xC2B2AE35u);
            z ^= z >> 16;
            values[i] = (z >> 8) * (1f / (1 << 23)) - 1f;
        }
        return values;
    }
}
