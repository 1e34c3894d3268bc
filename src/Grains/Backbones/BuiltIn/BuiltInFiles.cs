using ComodCluster.Engine.Backbones.Onnx;

namespace ComodCluster.Grains.Backbones.BuiltIn;

/// <summary>The weights that ship with the silo.</summary>
/// <param name="directory">Where they are; it need not exist.</param>
public sealed class BuiltInFiles(string directory)
{
    private readonly Lazy<IReadOnlyList<BuiltInBackbone>> _all = new(() => [.. Read(directory)]);

    /// <summary>Beside the program.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "Backbones");

    /// <summary>By name.</summary>
    public IReadOnlyList<BuiltInBackbone> All => _all.Value;

    private static IEnumerable<BuiltInBackbone> Read(string directory)
    {
        if (!System.IO.Directory.Exists(directory))
            return [];
        var imageNet = Path.Combine(directory, $"{ImageNetBackbone.Name}.onnx");
        return System
            .IO.Directory.GetFiles(directory, "*.safetensors")
            .Select(BuiltInBackbone.OfWeights)
            .Concat(File.Exists(imageNet) ? [BuiltInBackbone.OfImageNet(imageNet)] : [])
            .OrderBy(b => b.Name, StringComparer.Ordinal);
    }
}
