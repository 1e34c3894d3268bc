using System.Buffers.Binary;
using System.Text;

namespace ComodCluster.Engine.Backbones.Onnx;

/// <summary>
/// The fields of one message of a protocol buffer, in their order. Lengths are compared with what is there before
/// anything is read; values are views of the file.
/// </summary>
internal struct ProtoReader(ReadOnlyMemory<byte> message)
{
    private const int Varint = 0,
        EightBytes = 1,
        Delimited = 2,
        FourBytes = 5;
    private const int LongestVarint = 10;

    /// <summary>A byte of the file may be a number of eight in memory.</summary>
    private const int MostNumbers = 1 << 25;

    private ReadOnlyMemory<byte> _rest = message;
    private bool _isNumber;

    /// <summary>Number of the field; 0 before the first.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a varint; else 0.</summary>
    public long Number { get; private set; }

    /// <summary>The bytes of a string, a message, packed numbers or a number of fixed width; else empty.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InputException"><c>weights-file</c></exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var key = ReadVarint();
        Field = (int)(key >> 3 & int.MaxValue);
        (Number, Bytes, _isNumber) = (0, default, (key & 7) == Varint);
        switch ((int)(key & 7))
        {
            case Varint:
                Number = (long)ReadVarint();
                break;
            case EightBytes:
                Bytes = Take(8);
                break;
            case FourBytes:
                Bytes = Take(4);
                break;
            case Delimited:
                Bytes = Take(ReadVarint());
                break;
            default:
                throw OnnxFault.Broken($"field {Field} has an unknown wire type");
        }
        return true;
    }

    /// <summary>The numbers of a repeated field: this one, or all of a packed one.</summary>
    public readonly void AddNumbers(List<long> numbers)
    {
        if (_isNumber)
        {
            numbers.Add(Number);
            return;
        }
        var packed = new ProtoReader(Bytes);
        while (!packed._rest.IsEmpty)
            if (numbers.Count == MostNumbers)
                throw OnnxFault.Broken($"field {Field} lists more than {MostNumbers} numbers");
            else
                numbers.Add((long)packed.ReadVarint());
    }

    /// <summary>The value of a float.</summary>
    public readonly float Single =>
        Bytes.Length == 4
            ? BinaryPrimitives.ReadSingleLittleEndian(Bytes.Span)
            : throw OnnxFault.Broken($"field {Field} is no float");

    private ulong ReadVarint()
    {
        var value = 0ul;
        var bytes = _rest.Span;
        for (var i = 0; i < LongestVarint && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw OnnxFault.Broken(
            bytes.Length < LongestVarint ? "it is truncated within a number" : "a number has more than 64 bits"
        );
    }

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw OnnxFault.Broken($"it is truncated: field {Field} needs {length} bytes and {_rest.Length} are there");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
