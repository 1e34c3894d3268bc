namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>A convolution of a graph with the normalisation that follows it, if one does.</summary>
/// <param name="Size">Side of the kernel.</param>
/// <param name="IsUneven">Whether it pads less behind than before, which is the same at even sizes alone.</param>
/// <param name="Output">The value that comes out, normalised.</param>
internal sealed record OnnxConv(
    OnnxGraph Graph,
    OnnxNode Node,
    OnnxTensor Kernel,
    OnnxNode? Norm,
    int Size,
    int Stride,
    bool IsUneven,
    string Output
)
{
    /// <summary>What <see cref="Backbone"/> adds to variances.</summary>
    private const float Epsilon = 1e-5f;

    public string Shown => $"{Size} x {Size} with stride {Stride}";

    /// <exception cref="InputException"><c>backbone-architecture</c>: not one as a ResNet has.</exception>
    public static OnnxConv Of(OnnxGraph graph, OnnxNode node)
    {
        var kernel =
            graph.Stored(node, 1) ?? throw OnnxFault.NoResNet($"the kernel of {node.Shown} is computed and not stored");
        if (kernel.Shape is not [_, _, var height, var width] || height != width || height > 7)
            throw Unfit($"has a kernel of the shape [{string.Join(", ", kernel.Shape)}]");
        if (node.Integer("group", 1) != 1)
            throw Unfit($"has {node.Integer("group", 1)} groups");
        if (node.Integers("dilations")?.Any(d => d != 1) == true)
            throw Unfit("is dilated");
        var stride = node.Integers("strides") is [var down, ..] strides
            ? strides.All(s => s == down && s is 1 or 2)
                ? (int)down
                : throw Unfit("has other strides than 1 or 2")
            : 1;
        var (size, isUneven) = ((int)height, false);
        if (!OnnxPads.AreHalf(node, size, stride, ref isUneven))
            throw Unfit("pads otherwise than by half of its kernel");
        var readers = graph.ReadersOf(node.Output);
        var norm = readers is [{ Operator: "BatchNormalization" } one] ? one : null;
        if (norm is not null && (norm.Integer("training_mode", 0) != 0 || norm.Integer("spatial", 1) != 1))
            throw OnnxFault.NoResNet($"{norm.Shown} is one of training");
        return new OnnxConv(graph, node, kernel, norm, size, stride, isUneven, norm?.Output ?? node.Output);

        InputException Unfit(string why) => OnnxFault.NoResNet($"the convolution {node.Shown} {why}");
    }

    /// <summary>The arrays of a weights file. A normalisation that is folded into the kernel becomes one that changes
    /// nothing.</summary>
    /// <exception cref="InputException"><c>weights-type</c>, <c>backbone-architecture</c>.</exception>
    public IEnumerable<SafeTensor> Arrays(ConvLayout layout)
    {
        if (!Kernel.Shape.SequenceEqual(layout.Shape))
            throw OnnxFault.NoResNet(
                $"the convolution {Node.Shown} has a kernel of the shape [{string.Join(", ", Kernel.Shape)}] where "
                    + $"'{layout.Conv}' has [{string.Join(", ", layout.Shape)}]"
            );
        yield return Kernel.Named($"{layout.Conv}.weight");
        string[] names = ["weight", "bias", "running_mean", "running_var"];
        var bias = Graph.Input(Node, 2) is null ? null : Vector(Node, 2, layout.Out);
        if (Norm is not null && bias is null && Norm.Number("epsilon", Epsilon) == Epsilon)
        {
            for (var i = 0; i < names.Length; i++)
                yield return Stored(Norm, i + 1, layout.Out).Named($"{layout.Norm}.{names[i]}");
            yield break;
        }
        var values = Normalised(bias, layout.Out);
        for (var i = 0; i < names.Length; i++)
            yield return SafeTensor.Of($"{layout.Norm}.{names[i]}", [layout.Out], values[i]);
    }

    /// <summary>Scale, shift, mean and a variance that leaves the scale as it is.</summary>
    private float[][] Normalised(float[]? bias, int width)
    {
        bias ??= new float[width];
        var (scale, shift, mean) = (Filled(1), bias, new float[width]);
        if (Norm is not null)
        {
            var (factor, variance) = (Vector(Norm, 1, width), Vector(Norm, 4, width));
            var epsilon = Norm.Number("epsilon", Epsilon);
            for (var i = 0; i < width; i++)
                scale[i] = (float)(factor[i] / Math.Sqrt((double)variance[i] + epsilon));
            (shift, mean) = (Vector(Norm, 2, width), Vector(Norm, 3, width));
            for (var i = 0; i < width; i++)
                mean[i] -= bias[i];
        }
        return [scale, shift, mean, Filled(1 - Epsilon)];

        float[] Filled(float value) => [.. Enumerable.Repeat(value, width)];
    }

    private float[] Vector(OnnxNode node, int input, int width) => Stored(node, input, width).Named("").ToFloats();

    private OnnxTensor Stored(OnnxNode node, int input, int width) =>
        Graph.Stored(node, input) is { } tensor && tensor.Shape.SequenceEqual([width])
            ? tensor
            : throw OnnxFault.NoResNet($"{node.Shown} has no stored array of {width} numbers as its input {input}");
}
