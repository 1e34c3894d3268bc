namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>An operator with the names of what goes in and comes out.</summary>
internal sealed record OnnxNode(
    string Operator,
    string Name,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, OnnxAttribute> Attributes
)
{
    public string Output => Outputs[0];

    /// <summary>The operator as a sentence names it.</summary>
    public string Shown => Name.Length > 0 ? $"'{Operator}' ({Name})" : $"'{Operator}' ({Output})";

    /// <summary>Numbers of an option; null where it is not given.</summary>
    public IReadOnlyList<long>? Integers(string option) => Attributes.GetValueOrDefault(option)?.Integers;

    public long Integer(string option, long otherwise) =>
        Attributes.TryGetValue(option, out var given) ? given.Integer : otherwise;

    public float Number(string option, float otherwise) =>
        Attributes.TryGetValue(option, out var given) ? given.Number : otherwise;

    /// <summary>Reads a <c>NodeProto</c>.</summary>
    /// <exception cref="InputException"><c>weights-file</c>; <c>backbone-architecture</c>: an operator that is not
    /// ONNX's own.</exception>
    public static OnnxNode Read(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        var (type, name, domain) = ("", "", "");
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    inputs.Add(reader.Text);
                    break;
                case 2:
                    outputs.Add(reader.Text);
                    break;
                case 3:
                    name = reader.Text;
                    break;
                case 4:
                    type = reader.Text;
                    break;
                case 5:
                    var attribute = OnnxAttribute.Read(reader.Bytes);
                    attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    domain = reader.Text;
                    break;
            }
        if (outputs.Count == 0)
            throw OnnxFault.Broken($"the operator '{type}' has no output");
        if (domain is not ("" or "ai.onnx"))
            throw OnnxFault.NoResNet($"its operator '{type}' is not ONNX's own but of '{domain}'");
        return new OnnxNode(type, name, inputs, outputs, attributes);
    }
}
