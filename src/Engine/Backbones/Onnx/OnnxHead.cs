namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>The last layer of a graph.</summary>
/// <param name="Weight">[K, D]</param>
/// <param name="Bias">[K]</param>
internal sealed record OnnxHead(SafeTensor Weight, SafeTensor Bias)
{
    private static readonly string[] s_shaping = ["Flatten", "Reshape", "Squeeze"];

    public int Rows => (int)Weight.Shape[0];

    /// <summary>What follows the pooling.</summary>
    /// <returns>Null: the features are the result.</returns>
    /// <exception cref="InputException"><c>backbone-architecture</c>, <c>weights-type</c>.</exception>
    public static OnnxHead? Of(OnnxWalk walk, OnnxNode pool)
    {
        var (graph, x) = (walk.Graph, pool.Output);
        while (x != graph.Result && walk.Only(x) is var shaping && s_shaping.Contains(shaping.Operator))
            x = shaping.Output;
        if (x == graph.Result)
            return null;
        var (head, end) = Linear(walk, walk.Only(x));
        if (end != graph.Result && walk.Only(end) is var last && last.Operator is "Softmax" or "LogSoftmax")
            end = last.Output;
        return end == graph.Result ? head : throw OnnxFault.NoResNet($"{walk.Only(end).Shown} follows the head");
    }

    private static (OnnxHead Head, string End) Linear(OnnxWalk walk, OnnxNode node)
    {
        var graph = walk.Graph;
        if (
            node.Operator is not ("Gemm" or "MatMul")
            || graph.Stored(node, 1) is not { Shape: [var rows, var columns] } stored
            || node.Number("alpha", 1) != 1
            || node.Number("beta", 1) != 1
            || node.Integer("transA", 0) != 0
        )
            throw OnnxFault.NoResNet($"{node.Shown} stands where the head's one linear layer belongs");
        var isTurned = node.Integer("transB", 0) == 1;
        var (outputs, width) = isTurned ? (rows, columns) : (columns, rows);
        var (bias, end) = (graph.Stored(node, 2), node.Output);
        if (node.Operator == "MatMul" && end != graph.Result && walk.Only(end) is { Operator: "Add" } add)
            (bias, end) = (graph.Stored(add, 0) ?? graph.Stored(add, 1), add.Output);
        if (bias is not null && !bias.Shape.SequenceEqual([outputs]))
            throw OnnxFault.NoResNet($"{node.Shown} has {outputs} outputs and a bias of other size");
        var weight = stored.Named("fc.weight");
        return (
            new OnnxHead(
                isTurned ? weight : Turned(weight, outputs, width),
                bias?.Named("fc.bias") ?? SafeTensor.Of("fc.bias", [outputs], new float[outputs])
            ),
            end
        );
    }

    private static SafeTensor Turned(SafeTensor weight, long outputs, long width)
    {
        var (from, to) = (weight.ToFloats(), new float[outputs * width]);
        for (var k = 0L; k < outputs; k++)
        for (var d = 0L; d < width; d++)
            to[k * width + d] = from[d * outputs + k];
        return SafeTensor.Of(weight.Name, [outputs, width], to);
    }
}
