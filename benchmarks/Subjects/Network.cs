using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Scenes;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>A backbone as a weights file. Both know the ten classes of the scenes.</summary>
/// <param name="Name">Name in the keys.</param>
internal sealed record Network(string Name, BackboneSpec Spec, byte[] Weights)
{
    private const ulong Seed = 18;

    // Keeps the activations of eight residual blocks within one order of magnitude.
    private const double LastNormOfBlock = 0.5;

    public string Digest { get; } = SafeTensors.DigestOf(Weights);

    /// <summary>The small net that ships with the silo, trained on scenes of 48 px.</summary>
    public static Network Small()
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Subjects", "scenes.safetensors"));
        return new Network(
            "small",
            BackboneSpec.FromJson(SafeTensors.Read(file).Metadata[BackboneSpec.MetadataKey]),
            file
        );
    }

    /// <summary>ResNet-18 at 224 px with random weights: no time depends on their values.</summary>
    public static Network ResNet18()
    {
        var spec = BackboneSpec.ResNet18([.. new SceneObjects(0).Classes]);
        var arrays = spec.Arrays().ToArray();
        var tensors = new SafeTensor[arrays.Length];
        Parallel.For(
            0,
            arrays.Length,
            i =>
                tensors[i] = SafeTensor.Of(
                    arrays[i].Name,
                    arrays[i].Shape,
                    Values(arrays[i].Name, arrays[i].Shape, (ulong)i)
                )
        );
        return new Network(
            "resnet18",
            spec,
            SafeTensors.Write(tensors, new Dictionary<string, string> { [BackboneSpec.MetadataKey] = spec.ToJson() })
        );
    }

    /// <summary>He's initialisation; norms that scale by 1, the last of each block by less.</summary>
    private static float[] Values(string name, long[] shape, ulong stream)
    {
        var values = new float[shape.Aggregate(1L, (n, d) => n * d)];
        if (shape.Length == 1)
        {
            var scale =
                name.EndsWith(".running_var", StringComparison.Ordinal)
                || name.EndsWith(".weight", StringComparison.Ordinal);
            Array.Fill(
                values,
                scale ? (name.EndsWith(".bn2.weight", StringComparison.Ordinal) ? (float)LastNormOfBlock : 1) : 0
            );
            return values;
        }
        var deviation = Math.Sqrt((name == "fc.weight" ? 1.0 : 2.0) / shape.Skip(1).Aggregate(1L, (n, d) => n * d));
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * CounterRandom.Normal(Seed, stream, (ulong)i));
        return values;
    }
}
