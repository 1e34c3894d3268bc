using System.Runtime.InteropServices;

namespace ComodCluster.Engine.Backbones;

/// <summary>
/// One named array, little-endian, row-major; its bytes are a view of the file that it was read from.
/// </summary>
public sealed record SafeTensor(string Name, ElementType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    public long Count => Shape.Aggregate(1L, (n, d) => n * d);

    /// <summary>Writes <paramref name="values"/> in <paramref name="type"/>, rounded to nearest even.</summary>
    public static SafeTensor Of(
        string name,
        IReadOnlyList<long> shape,
        ReadOnlySpan<float> values,
        ElementType type = ElementType.Float32
    )
    {
        var bytes = new byte[values.Length * SafeTensors.SizeOf(type)];
        switch (type)
        {
            case ElementType.Float32:
                values.CopyTo(MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
                break;
            case ElementType.Float16:
                var halves = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan());
                for (var i = 0; i < values.Length; i++)
                    halves[i] = (Half)values[i];
                break;
            case ElementType.BFloat16:
                var words = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
                for (var i = 0; i < values.Length; i++)
                    words[i] = ToBFloat16(values[i]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "float32, float16 or bfloat16");
        }
        return new SafeTensor(name, type, shape, bytes);
    }

    /// <exception cref="InputException"><c>weights-type</c>: the elements are not float32, float16 or
    /// bfloat16.</exception>
    public float[] ToFloats()
    {
        var values = new float[Bytes.Length / SafeTensors.SizeOf(Type)];
        switch (Type)
        {
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(Bytes.Span).CopyTo(values);
                break;
            case ElementType.Float16:
                var halves = MemoryMarshal.Cast<byte, Half>(Bytes.Span);
                for (var i = 0; i < values.Length; i++)
                    values[i] = (float)halves[i];
                break;
            case ElementType.BFloat16:
                var words = MemoryMarshal.Cast<byte, ushort>(Bytes.Span);
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
                break;
            default:
                throw new InputException(
                    "weights-type",
                    $"The tensor '{Name}' holds {Type} values: store weights as float32, float16 or bfloat16."
                );
        }
        return values;
    }

    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return (ushort)(bits >> 16 | 0x40);
        return (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }
}
