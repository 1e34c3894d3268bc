namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>
/// A residual network that was recognised in an ONNX model by its structure: whatever its operators are called, they
/// are convolutions, normalisations and additions in torchvision's order. Normalisations may be folded into the
/// convolutions, and the head may be missing.
/// </summary>
/// <param name="Spec">Without the names of the head's rows, which the model does not have; its images are normalised
/// as torchvision's.</param>
/// <param name="Tensors">Under torchvision's names, with <c>fc</c> where there is a head. Views of the file, where
/// nothing had to be computed.</param>
/// <param name="HeadRows">0: it has no head.</param>
public sealed record OnnxResNet(BackboneSpec Spec, IReadOnlyList<SafeTensor> Tensors, int HeadRows)
{
    private const int UsualSide = 224;

    /// <param name="file">An ONNX model, which must not change while the result is used.</param>
    /// <exception cref="InputException"><c>weights-file</c>: damaged, or its arrays are in another file;
    /// <c>weights-type</c>; <c>backbone-architecture</c>: no ResNet, with the operator or shape that does not
    /// fit; <c>backbone-spec</c>.</exception>
    public static OnnxResNet Read(ReadOnlyMemory<byte> file)
    {
        var walk = new OnnxWalk(OnnxGraph.Read(file));
        var blocks = Stages(walk.Blocks);
        var spec = BackboneSpec.ResNet(
            walk.StemKind,
            walk.Blocks[0].Kind,
            blocks,
            (int)walk.Stem.Kernel.Shape[0],
            (int)walk.Stem.Kernel.Shape[1],
            Side(walk)
        );
        spec.Validate();
        OnnxConv[] convs =
        [
            walk.Stem,
            .. walk.Blocks.SelectMany(b => b.Shortcut is null ? b.Convs : [.. b.Convs, b.Shortcut]),
        ];
        ConvLayout[] layouts = [.. new ResidualNetwork(spec).Convs];
        if (convs.Length != layouts.Length)
            throw OnnxFault.NoResNet(
                $"it has {convs.Length} convolutions where one of stages of {string.Join(", ", blocks)} blocks has "
                    + $"{layouts.Length}: a projection is missing, or one too many"
            );
        if (walk.Pool is { } pool && !IsMean(walk.Graph, pool, spec))
            throw OnnxFault.NoResNet($"{pool.Shown} follows the last block, where the average over all places belongs");
        if (walk.Head is { } head && head.Weight.Shape[1] != spec.FeatureWidth)
            throw OnnxFault.NoResNet($"its head reads {head.Weight.Shape[1]} of {spec.FeatureWidth} features");
        return new OnnxResNet(
            spec,
            [
                .. layouts.Zip(convs).SelectMany(pair => pair.Second.Arrays(pair.First)),
                .. walk.Head is { } fc ? new[] { fc.Weight, fc.Bias } : [],
            ],
            walk.Head?.Rows ?? 0
        );
    }

    private static bool IsMean(OnnxGraph graph, OnnxNode node, BackboneSpec spec) =>
        node.Operator switch
        {
            "GlobalAveragePool" => true,
            "ReduceMean" => (node.Integers("axes") ?? graph.Stored(node, 1)?.Integers) is [2, 3] or [-2, -1],
            "AveragePool" => new ResidualNetwork(spec).ShapeAt(Cut.AfterStage(spec.Blocks.Count), spec.InputSize).H
                is var left
                && node.Integers("kernel_shape") is [var height, var width]
                && (height, width) == (left, left)
                && node.Integers("pads")?.Any(p => p != 0) != true,
            _ => false,
        };

    /// <summary>Blocks of each stage: a stage begins with a stride.</summary>
    private static List<int> Stages(List<OnnxBlock> blocks)
    {
        List<int> stages = [0];
        foreach (var block in blocks)
        {
            if (block.Stride == 2)
                stages.Add(0);
            block.Validate($"layer{stages.Count}.{stages[^1]}");
            if (block.Kind != blocks[0].Kind)
                throw OnnxFault.NoResNet("some of its blocks have two convolutions and some three");
            stages[^1]++;
        }
        return stages[0] > 0
            ? stages
            : throw OnnxFault.NoResNet("its first block has a stride, which torchvision's has not");
    }

    /// <summary>Side of the square input; the usual one where the model leaves it open.</summary>
    private static int Side(OnnxWalk walk)
    {
        if (walk.Graph.Images.Shape is not [_, _, > 0 and var height, > 0 and var width])
            return UsualSide;
        if (height != width || height > int.MaxValue)
            throw OnnxFault.NoResNet($"its images have {height} x {width} pixels, which is no square");
        var isUneven = walk.Blocks.SelectMany(b => b.Convs).Append(walk.Stem).Any(c => c.IsUneven);
        return !isUneven || height % 32 == 0
            ? (int)height
            : throw OnnxFault.NoResNet(
                $"it pads less behind than before, which is torchvision's padding at sizes that 32 divides, not at "
                    + $"{height} pixels"
            );
    }
}
