using static TorchSharp.torch;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// The residual network of He et al. (2015) in torchvision's form, without weights: <paramref name="spec"/> says which
/// convolutions there are, and the caller's <see cref="Unit"/> computes one of them.
/// </summary>
internal sealed class ResidualNetwork(BackboneSpec spec)
{
    /// <summary>
    /// Convolution and normalisation, [B, In, H, W] to a new [B, Out, H', W'] that may be overwritten.
    /// </summary>
    public delegate Tensor Unit(ConvLayout conv, Tensor x);

    /// <summary>Channels of each stage's output.</summary>
    public IEnumerable<int> StageWidths =>
        Blocks.Where(b => b.Index == spec.Blocks[b.Stage - 1] - 1).Select(b => b.Convs[^1].Out);

    public ConvLayout StemConv { get; } =
        spec.Stem == StemKind.ImageNet
            ? new("conv1", "bn1", spec.Channels, spec.Width, Kernel: 7, Stride: 2)
            : new("conv1", "bn1", spec.Channels, spec.Width, Kernel: 3, Stride: 1);

    public IReadOnlyList<BlockLayout> Blocks { get; } = [.. BlocksOf(spec)];

    public IEnumerable<ConvLayout> Convs =>
        [StemConv, .. Blocks.SelectMany(b => b.Shortcut is null ? b.Convs : [.. b.Convs, b.Shortcut])];

    /// <summary>Blocks before <paramref name="cut"/>, which is resolved.</summary>
    public int BlocksBefore(Cut cut) =>
        cut == Cut.Input || cut == Cut.Stem ? 0
        : cut == Cut.Pool ? Blocks.Count
        : Blocks.Count(b => b.Stage < cut.Stage || (b.Stage == cut.Stage && (cut.Block ?? int.MaxValue) >= b.Index));

    public Tensor Stem(Tensor x, Unit unit) // [B, 3, S, S]
    {
        x = unit(StemConv, x).relu_(); // [B, width, S, S], or S/2 with the 7x7 stem
        // [B, width, S/4, S/4] after the pooling
        return spec.Stem == StemKind.ImageNet ? nn.functional.max_pool2d(x, 3, 2, 1) : x;
    }

    /// <summary>
    /// Blocks <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive); <paramref name="x"/> itself is
    /// not written to.
    /// </summary>
    /// <param name="afterStage">What becomes of a stage's output; null: nothing.</param>
    /// <param name="pools">Take the outputs of the stages but that of the last block.</param>
    public Tensor Run(
        Tensor x,
        int from,
        int to,
        Unit unit,
        Func<Tensor, Tensor>? afterStage = null,
        StagePools? pools = null
    )
    {
        for (var i = from; i < to; i++)
        {
            var block = Blocks[i];
            var y = x; // [B, C, H, W]
            foreach (var conv in block.Convs)
                y = conv == block.Convs[^1] ? unit(conv, y) : unit(conv, y).relu_();
            x = y.add_(block.Shortcut is null ? x : unit(block.Shortcut, x)).relu_(); // [B, C', H/stride, W/stride]
            if (block.Index < spec.Blocks[block.Stage - 1] - 1)
                continue;
            if (afterStage is not null)
                x = afterStage(x);
            if (i < to - 1)
                pools?.Take(block.Stage, x);
        }
        return x;
    }

    public static Tensor Pool(Tensor x) => x.to(ScalarType.Float32).mean([2, 3]); // [B, D, H, W] -> [B, D]

    public (int C, int H, int W) ShapeAt(Cut cut, int size)
    {
        if (cut == Cut.Pool)
            return (spec.FeatureWidth, 1, 1);
        if (cut == Cut.Input)
            return (spec.Channels, size, size);
        var (c, s) = (spec.Width, StemConv.SizeAfter(size));
        if (spec.Stem == StemKind.ImageNet)
            s = (s - 1) / 2 + 1;
        foreach (var block in Blocks.Take(BlocksBefore(cut)))
            (c, s) = (block.Convs[^1].Out, block.Convs.Aggregate(s, (n, conv) => conv.SizeAfter(n)));
        return (c, s, s);
    }

    /// <inheritdoc cref="BackboneSpec.Arrays"/>
    public IEnumerable<(string Name, long[] Shape)> Arrays()
    {
        foreach (var conv in Convs)
        {
            yield return ($"{conv.Conv}.weight", conv.Shape);
            yield return ($"{conv.Norm}.weight", [conv.Out]);
            yield return ($"{conv.Norm}.bias", [conv.Out]);
            yield return ($"{conv.Norm}.running_mean", [conv.Out]);
            yield return ($"{conv.Norm}.running_var", [conv.Out]);
        }
        if (!spec.HasHead)
            yield break;
        yield return ("fc.weight", [spec.Classes.Count, spec.FeatureWidth]);
        yield return ("fc.bias", [spec.Classes.Count]);
    }

    private static IEnumerable<BlockLayout> BlocksOf(BackboneSpec spec)
    {
        var into = spec.Width;
        for (var stage = 1; stage <= spec.Blocks.Count; stage++)
        {
            var width = spec.Width << (stage - 1);
            var outOf = spec.Block == BlockKind.Bottleneck ? 4 * width : width;
            for (var index = 0; index < spec.Blocks[stage - 1]; index++)
            {
                var name = $"layer{stage}.{index}";
                var stride = stage > 1 && index == 0 ? 2 : 1;
                ConvLayout Conv(int n, int i, int o, int kernel, int s) =>
                    new($"{name}.conv{n}", $"{name}.bn{n}", i, o, kernel, s);
                IReadOnlyList<ConvLayout> convs =
                    spec.Block == BlockKind.Bottleneck
                        ? [Conv(1, into, width, 1, 1), Conv(2, width, width, 3, stride), Conv(3, width, outOf, 1, 1)]
                        : [Conv(1, into, width, 3, stride), Conv(2, width, width, 3, 1)];
                var shortcut =
                    stride == 1 && into == outOf
                        ? null
                        : new ConvLayout($"{name}.downsample.0", $"{name}.downsample.1", into, outOf, 1, stride);
                yield return new BlockLayout(stage, index, convs, shortcut);
                into = outOf;
            }
        }
    }
}
