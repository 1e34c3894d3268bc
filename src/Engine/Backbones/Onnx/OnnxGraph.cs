namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>The graph of a model: operators, and the arrays that are stored with it.</summary>
internal sealed class OnnxGraph
{
    private const int MostNodes = 20_000;

    // Operators that change nothing when a model is used.
    private static readonly string[] s_nothing = ["Identity", "Dropout"];

    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);

    private OnnxGraph(List<OnnxNode> nodes, List<OnnxTensor> tensors, List<OnnxInput> inputs, List<string> outputs)
    {
        foreach (var tensor in tensors)
            _tensors[tensor.Name] = tensor;
        foreach (var node in nodes)
            Add(node);
        OnnxInput[] images = [.. inputs.Where(i => !_tensors.ContainsKey(i.Name))];
        if (images.Length != 1 || outputs.Count != 1)
            throw OnnxFault.NoResNet(
                $"it has {images.Length} inputs and {outputs.Count} outputs where a network has its images and one "
                    + "result"
            );
        (Images, Result) = (images[0], Renamed(outputs[0]));
    }

    /// <summary>What images go in as.</summary>
    public OnnxInput Images { get; }

    /// <summary>The name of what comes out.</summary>
    public string Result { get; }

    /// <summary>The operators that read a value.</summary>
    public IReadOnlyList<OnnxNode> ReadersOf(string value) => _readers.GetValueOrDefault(value, []);

    /// <summary>What an operator reads as its input of that number; null: nothing.</summary>
    public string? Input(OnnxNode node, int number) =>
        number < node.Inputs.Count && node.Inputs[number].Length > 0 ? Renamed(node.Inputs[number]) : null;

    /// <summary>A stored array that an operator reads; null where it reads none there.</summary>
    public OnnxTensor? Stored(OnnxNode node, int number) =>
        Input(node, number) is { } name ? _tensors.GetValueOrDefault(name) : null;

    /// <summary>Reads a <c>ModelProto</c>.</summary>
    /// <exception cref="InputException"><c>weights-file</c>; <c>backbone-architecture</c>.</exception>
    public static OnnxGraph Read(ReadOnlyMemory<byte> file)
    {
        var model = new ProtoReader(file);
        ReadOnlyMemory<byte>? graph = null;
        while (model.Next())
            if (model.Field == 7)
                graph = model.Bytes;
        var reader = new ProtoReader(graph ?? throw OnnxFault.Broken("it has no graph"));
        var (nodes, tensors) = (new List<OnnxNode>(), new List<OnnxTensor>());
        var (inputs, outputs) = (new List<OnnxInput>(), new List<string>());
        while (reader.Next())
            switch (reader.Field)
            {
                case 1 when nodes.Count < MostNodes:
                    nodes.Add(OnnxNode.Read(reader.Bytes));
                    break;
                case 5 when tensors.Count < MostNodes:
                    tensors.Add(OnnxTensor.Read(reader.Bytes));
                    break;
                case 1 or 5:
                    throw OnnxFault.NoResNet($"it has more than {MostNodes} operators or arrays");
                case 11:
                    inputs.Add(OnnxInput.Read(reader.Bytes));
                    break;
                case 12:
                    outputs.Add(OnnxInput.Read(reader.Bytes).Name);
                    break;
                case 15:
                    throw OnnxFault.NoResNet("its arrays are sparse");
            }
        return new OnnxGraph(nodes, tensors, inputs, outputs);
    }

    private void Add(OnnxNode node)
    {
        // The format asks for this order; without it who follows the graph might go in a circle.
        foreach (var output in node.Outputs.Where(o => o.Length > 0))
            if (!_made.Add(output) || _readers.ContainsKey(output))
                throw OnnxFault.Broken($"the value '{output}' is made twice, or read before it is made");
        if (node.Operator == "Constant" && node.Attributes.GetValueOrDefault("value")?.Tensor is { } constant)
            _tensors[node.Output] = constant;
        else if (s_nothing.Contains(node.Operator) && node.Inputs.Count > 0)
            _renamed[node.Output] = Renamed(node.Inputs[0]);
        else
            foreach (var input in node.Inputs.Select(Renamed).Distinct(StringComparer.Ordinal))
                (_readers.TryGetValue(input, out var readers) ? readers : _readers[input] = []).Add(node);
    }

    private string Renamed(string name) => _renamed.GetValueOrDefault(name, name);
}
