namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>An option of an operator, of whichever kind it is.</summary>
internal sealed record OnnxAttribute(string Name, float Number, long Integer, string Text, IReadOnlyList<long> Integers)
{
    /// <summary>Of an operator <c>Constant</c>.</summary>
    public OnnxTensor? Tensor { get; private init; }

    /// <summary>Reads an <c>AttributeProto</c>.</summary>
    /// <exception cref="InputException"><c>weights-file</c></exception>
    public static OnnxAttribute Read(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        var (name, number, integer, text) = ("", 0f, 0L, "");
        var integers = new List<long>();
        OnnxTensor? tensor = null;
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text;
                    break;
                case 2:
                    number = reader.Single;
                    break;
                case 3:
                    integer = reader.Number;
                    break;
                case 4:
                    text = reader.Text;
                    break;
                case 5:
                    tensor = OnnxTensor.Read(reader.Bytes);
                    break;
                case 8:
                    reader.AddNumbers(integers);
                    break;
            }
        return new OnnxAttribute(name, number, integer, text, integers) { Tensor = tensor };
    }
}
