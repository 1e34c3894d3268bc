namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>What goes into the graph, or comes out of it.</summary>
/// <param name="Shape">0 for a size that is left open; null: not said.</param>
internal sealed record OnnxInput(string Name, IReadOnlyList<long>? Shape)
{
    /// <summary>Reads a <c>ValueInfoProto</c>.</summary>
    /// <exception cref="InputException"><c>weights-file</c></exception>
    public static OnnxInput Read(ReadOnlyMemory<byte> message)
    {
        var (name, shape) = ("", (ReadOnlyMemory<byte>?)null);
        var reader = new ProtoReader(message);
        while (reader.Next())
            if (reader.Field == 1)
                name = reader.Text;
            else if (reader.Field == 2) // TypeProto, its tensor_type, the shape of that
                shape = Part(Part(reader.Bytes, 1), 2);
        return new OnnxInput(name, shape is { } dimensions ? Sizes(dimensions) : null);
    }

    private static ReadOnlyMemory<byte>? Part(ReadOnlyMemory<byte>? message, int field)
    {
        var reader = new ProtoReader(message ?? ReadOnlyMemory<byte>.Empty);
        while (reader.Next())
            if (reader.Field == field)
                return reader.Bytes;
        return null;
    }

    private static List<long> Sizes(ReadOnlyMemory<byte> shape)
    {
        var (sizes, reader) = (new List<long>(), new ProtoReader(shape));
        while (reader.Next())
            if (reader.Field == 1)
            {
                var (size, dimension) = (0L, new ProtoReader(reader.Bytes));
                while (dimension.Next())
                    if (dimension.Field == 1)
                        size = dimension.Number;
                sizes.Add(size);
            }
        return sizes;
    }
}
