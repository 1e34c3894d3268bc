using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>An array that is stored in the model.</summary>
/// <param name="Bytes">Little-endian, row-major; a view of the file wherever it stores them so.</param>
internal sealed record OnnxTensor(string Name, OnnxType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    private const int MostDimensions = 8;

    /// <summary>As an array of a weights file, without a copy.</summary>
    /// <exception cref="InputException"><c>weights-type</c>: not float32, float16, bfloat16 or float64.</exception>
    public SafeTensor Named(string name) =>
        Type switch
        {
            OnnxType.Float => new(name, ElementType.Float32, Shape, Bytes),
            OnnxType.Float16 => new(name, ElementType.Float16, Shape, Bytes),
            OnnxType.BFloat16 => new(name, ElementType.BFloat16, Shape, Bytes),
            OnnxType.Double => SafeTensor.Of(
                name,
                Shape,
                [.. MemoryMarshal.Cast<byte, double>(Bytes.Span).ToArray().Select(v => (float)v)]
            ),
            _ => throw new InputException(
                "weights-type",
                $"The array '{Name}' of the ONNX model holds {Type} values: export the model in float32, not quantized."
            ),
        };

    /// <summary>Integers, as those of shapes and axes.</summary>
    public IReadOnlyList<long> Integers =>
        Type switch
        {
            OnnxType.Int64 => MemoryMarshal.Cast<byte, long>(Bytes.Span).ToArray(),
            OnnxType.Int32 => [.. MemoryMarshal.Cast<byte, int>(Bytes.Span).ToArray().Select(v => (long)v)],
            _ => throw OnnxFault.Broken($"the array '{Name}' holds {Type} values where integers belong"),
        };

    /// <summary>Reads a <c>TensorProto</c>.</summary>
    /// <exception cref="InputException"><c>weights-file</c></exception>
    public static OnnxTensor Read(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message);
        var (name, type, isOutside) = ("", OnnxType.Undefined, false);
        var (shape, words) = (new List<long>(), new List<long>());
        var stored = ReadOnlyMemory<byte>.Empty;
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    reader.AddNumbers(shape);
                    break;
                case 2:
                    type = (OnnxType)reader.Number;
                    break;
                case 4 or 10: // float_data, double_data
                    if (!stored.IsEmpty)
                        throw OnnxFault.Broken($"the numbers of the array '{name}' come in pieces");
                    stored = reader.Bytes;
                    break;
                case 5 or 7: // int32_data, where halves are too; int64_data
                    reader.AddNumbers(words);
                    break;
                case 8:
                    name = reader.Text;
                    break;
                case 9:
                    stored = reader.Bytes;
                    break;
                case 13: // external_data
                    isOutside = true;
                    break;
                case 14: // data_location
                    isOutside |= reader.Number != 0;
                    break;
            }
        if (isOutside)
            throw new InputException(
                "weights-file",
                $"The array '{name}' of the ONNX model lies in a file beside it: write the model into one file with "
                    + "`onnx.save_model(onnx.load(\"IN.onnx\"), \"OUT.onnx\", save_as_external_data=False)`."
            );
        var bytes = stored.IsEmpty ? Packed(words, type) : stored;
        if (shape.Count > MostDimensions || shape.Any(d => d is < 0 or > int.MaxValue))
            throw OnnxFault.Broken($"the array '{name}' has an impossible shape");
        var size = SizeOf(type) ?? throw OnnxFault.Broken($"the array '{name}' has the element type {type}");
        if (shape.Aggregate((Int128)size, (n, d) => n * d) != bytes.Length)
            throw OnnxFault.Broken($"the array '{name}' has {bytes.Length} bytes, which is not what its shape needs");
        return new OnnxTensor(name, type, shape, bytes);
    }

    private static int? SizeOf(OnnxType type) =>
        type switch
        {
            OnnxType.Double or OnnxType.Int64 or OnnxType.UInt64 or OnnxType.Complex64 => 8,
            OnnxType.Float or OnnxType.Int32 or OnnxType.UInt32 => 4,
            OnnxType.Float16 or OnnxType.BFloat16 or OnnxType.Int16 or OnnxType.UInt16 => 2,
            OnnxType.Int8 or OnnxType.UInt8 or OnnxType.Bool => 1,
            _ => null,
        };

    // Numbers of a field that stores each as a varint.
    private static byte[] Packed(List<long> words, OnnxType type)
    {
        if (words.Count == 0)
            return [];
        var size = SizeOf(type) ?? 8;
        var bytes = new byte[(long)words.Count * size];
        for (var i = 0; i < words.Count; i++)
        for (var b = 0; b < size; b++)
            bytes[i * size + b] = (byte)(words[i] >> (8 * b));
        return bytes;
    }
}
