using System.Runtime.InteropServices;
using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tests.Backbones.Onnx;

/// <summary>
/// The ONNX model of a network with the weights of <see cref="FormulaWeights"/>, as exporters write one; a test spoils
/// it where it wants.
/// </summary>
internal sealed class OnnxFile(BackboneSpec spec)
{
    private const int Float = 1;

    private readonly List<ProtoWriter> _nodes = [],
        _tensors = [];
    private int _values;

    /// <summary>Normalisations are folded into the convolutions, as torchvision's own export does.</summary>
    public bool Folded { get; init; }

    /// <summary>Of the normalisations.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>The head as a product and a sum, its kernel the other way round.</summary>
    public bool HeadAsProduct { get; init; }

    /// <summary>Called for each operator: gives it another type.</summary>
    public Func<string, string> Operator { get; init; } = name => name;

    /// <summary>Called for each convolution: gives its options.</summary>
    public Func<string, (string, long[])[], (string, long[])[]> ConvOptions { get; init; } = (_, options) => options;

    /// <summary>Called for each array: its message.</summary>
    public Func<string, long[], float[], ProtoWriter> Tensor { get; init; } = Stored;

    public string Domain { get; init; } = "";

    public static ProtoWriter Stored(string name, long[] shape, float[] values) =>
        Header(name, shape, Float).Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()));

    public static ProtoWriter Header(string name, long[] shape, int type)
    {
        var tensor = new ProtoWriter();
        foreach (var size in shape)
            tensor.Number(1, size);
        return tensor.Number(2, type).Text(8, name);
    }

    public byte[] ToArray()
    {
        var network = new ResidualNetwork(spec);
        var x = Node("Relu", [Conv(network.StemConv, "images")]);
        if (spec.Stem == StemKind.ImageNet)
            x = Node("MaxPool", [x], ("kernel_shape", [3, 3]), ("strides", [2, 2]), ("pads", [1, 1, 1, 1]));
        foreach (var block in network.Blocks)
        {
            var y = x;
            foreach (var conv in block.Convs)
                y = conv == block.Convs[^1] ? Conv(conv, y) : Node("Relu", [Conv(conv, y)]);
            x = Node("Relu", [Node("Add", [y, block.Shortcut is null ? x : Conv(block.Shortcut, x)])]);
        }
        x = Node("Flatten", [Node("GlobalAveragePool", [x])]);
        if (spec.HasHead)
            x = Head(x);
        var graph = new ProtoWriter();
        foreach (var node in _nodes)
            graph.Message(1, node);
        graph.Text(2, "network");
        foreach (var tensor in _tensors)
            graph.Message(5, tensor);
        graph.Message(11, Value("images", 0, spec.Channels, spec.InputSize, spec.InputSize));
        graph.Message(12, Value(x));
        return new ProtoWriter().Number(1, 8).Text(2, "tests").Message(7, graph).ToArray();
    }

    private string Conv(ConvLayout conv, string x)
    {
        var kernel = FormulaWeights.Values($"{conv.Conv}.weight", conv.Shape);
        float[][] norm =
        [
            .. new[] { "weight", "bias", "running_mean", "running_var" }.Select(array =>
                FormulaWeights.Values($"{conv.Norm}.{array}", [conv.Out])
            ),
        ];
        var half = conv.Kernel / 2;
        var options = ConvOptions(
            conv.Conv,
            [
                ("kernel_shape", [conv.Kernel, conv.Kernel]),
                ("strides", [conv.Stride, conv.Stride]),
                ("pads", [half, half, half, half]),
                ("dilations", [1, 1]),
            ]
        );
        if (!Folded)
        {
            Add($"{conv.Conv}.weight", conv.Shape, kernel);
            string[] names = [.. "0123".Select(i => $"{conv.Norm}.{i}")];
            for (var i = 0; i < names.Length; i++)
                Add(names[i], [conv.Out], norm[i]);
            return Node("BatchNormalization", [Node("Conv", [x, $"{conv.Conv}.weight"], options), .. names]);
        }
        var offsets = new float[conv.Out];
        for (var c = 0; c < conv.Out; c++)
        {
            var scale = norm[0][c] / Math.Sqrt(norm[3][c] + 1e-5);
            offsets[c] = (float)(norm[1][c] - norm[2][c] * scale);
            foreach (ref var value in kernel.AsSpan(c * kernel.Length / conv.Out, kernel.Length / conv.Out))
                value = (float)(value * scale);
        }
        Add($"{conv.Conv}.weight", conv.Shape, kernel);
        Add($"{conv.Conv}.bias", [conv.Out], offsets);
        return Node("Conv", [x, $"{conv.Conv}.weight", $"{conv.Conv}.bias"], options);
    }

    private string Head(string x)
    {
        var (rows, width) = (spec.Classes.Count, spec.FeatureWidth);
        var weight = FormulaWeights.Values("fc.weight", [rows, width]);
        Add("fc.bias", [rows], FormulaWeights.Values("fc.bias", [rows]));
        if (!HeadAsProduct)
        {
            Add("fc.weight", [rows, width], weight);
            return Node("Gemm", [x, "fc.weight", "fc.bias"], ("transB", [1]));
        }
        Add(
            "fc.weight",
            [width, rows],
            [.. Enumerable.Range(0, weight.Length).Select(i => weight[i % rows * width + i / rows])]
        );
        return Node("Softmax", [Node("Add", [Node("MatMul", [x, "fc.weight"]), "fc.bias"])]);
    }

    private void Add(string name, long[] shape, float[] values) => _tensors.Add(Tensor(name, shape, values));

    private string Node(string type, string[] inputs, params (string Name, long[] Values)[] options)
    {
        var output = $"value{_values++}";
        var node = new ProtoWriter();
        foreach (var input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(4, Operator(type)).Text(7, Domain);
        foreach (var (name, values) in options)
        {
            var option = new ProtoWriter().Text(1, name);
            if (name is "transB" or "group")
                option.Number(3, values[0]);
            else
                foreach (var value in values)
                    option.Number(8, value);
            node.Message(5, option);
        }
        if (type == "BatchNormalization")
            node.Message(5, new ProtoWriter().Text(1, "epsilon").Single(2, Epsilon));
        _nodes.Add(node);
        return output;
    }

    private static ProtoWriter Value(string name, params long[] shape)
    {
        var sizes = new ProtoWriter();
        foreach (var size in shape)
            sizes.Message(1, size == 0 ? new ProtoWriter().Text(2, "batch") : new ProtoWriter().Number(1, size));
        return new ProtoWriter()
            .Text(1, name)
            .Message(2, new ProtoWriter().Message(1, new ProtoWriter().Number(1, Float).Message(2, sizes)));
    }
}
