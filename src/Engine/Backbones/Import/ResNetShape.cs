namespace ComodCluster.Engine.Backbones.Import;

/// <summary>Recognises a residual network by the names and shapes of its arrays.</summary>
internal static class ResNetShape
{
    private const int MaxStages = 4,
        MaxBlocks = 64,
        MaxWidth = 512,
        MaxRows = 100_000,
        SmallImages = 32;

    /// <param name="arrays">By torchvision's names.</param>
    /// <returns>With classes by number, and images as torchvision has them for ImageNet.</returns>
    /// <exception cref="InputException"><c>backbone-architecture</c>: names the first array that fits no such
    /// network.</exception>
    public static BackboneSpec Of(IReadOnlyDictionary<string, SourceTensor> arrays)
    {
        var first = arrays["conv1.weight"];
        if (first.Shape is not ([>= 1 and <= MaxWidth, 3, 3, 3] or [>= 1 and <= MaxWidth, 3, 7, 7]))
            throw Foreign(
                $"'{first.Name}' has the shape {Shown(first.Shape)} where it is [1 to {MaxWidth}, 3, 7, 7] or "
                    + $"[1 to {MaxWidth}, 3, 3, 3]"
            );
        var (width, kernel) = ((int)first.Shape[0], first.Shape[2]);
        int[] blocks = [.. Enumerable.Range(1, MaxStages).Select(BlocksOf).TakeWhile(count => count > 0)];
        var block = arrays.ContainsKey("layer1.0.conv3.weight") ? BlockKind.Bottleneck : BlockKind.Basic;
        var spec = WithRows(
            kernel == 7
                ? BackboneSpec.ResNet(StemKind.ImageNet, block, blocks, width)
                : BackboneSpec.ResNet(StemKind.Cifar, block, blocks, width, inputSize: SmallImages),
            arrays.TryGetValue("fc.weight", out var head) && head.Shape is [>= 1 and <= MaxRows, _]
                ? (int)head.Shape[0]
                : 0
        );
        RequireAll(spec, arrays);
        return spec;

        int BlocksOf(int stage) =>
            Enumerable
                .Range(0, MaxBlocks)
                .TakeWhile(index => arrays.ContainsKey($"layer{stage}.{index}.conv1.weight"))
                .Count();
    }

    /// <summary>The description of a network that other programs trained: its classes by number, its images as all of
    /// them have them for ImageNet.</summary>
    public static BackboneSpec WithRows(BackboneSpec spec, int rows)
    {
        var usual = BackboneSpec.ResNet18();
        return spec with
        {
            Mean = [.. usual.Mean.Take(spec.Channels)],
            Std = [.. usual.Std.Take(spec.Channels)],
            // Names that no data set's class has by chance: a task has a readout of its own then.
            Classes = [.. Enumerable.Range(0, rows).Select(row => $"output-{row}")],
        };
    }

    /// <param name="why">The rest of "The weights are not those of a ResNet ...: ...".</param>
    public static InputException Foreign(string why, string fix = "register those of a plain ResNet") =>
        new(
            "backbone-architecture",
            $"The weights are not those of one ResNet as torchvision, timm or Transformers write it: {why}; {fix}."
        );

    private static void RequireAll(BackboneSpec spec, IReadOnlyDictionary<string, SourceTensor> arrays)
    {
        var shapes = spec.Arrays().ToDictionary(a => a.Name, a => a.Shape, StringComparer.Ordinal);
        foreach (var (name, tensor) in arrays)
            if (!shapes.Remove(name, out var shape))
                throw Foreign($"'{tensor.Name}' has no place in one");
            else if (!tensor.Shape.SequenceEqual(shape))
                throw Foreign($"'{tensor.Name}' has the shape {Shown(tensor.Shape)} instead of {Shown(shape)}");
        if (shapes.Keys.FirstOrDefault(name => name != "fc.bias") is { } missing)
            throw Foreign($"'{missing}' is missing");
    }

    private static string Shown(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";
}
