using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>
/// Reads what a pickle says and executes nothing: names of functions stay names, and the few that
/// <see cref="TorchFunctions"/> knows are computed here. Work and memory are bounded by <see cref="MaxSteps"/> and
/// <see cref="MaxBytes"/>, whatever it says.
/// </summary>
/// <remarks>
/// None is null, integers are <see cref="long"/> or <see cref="BigInteger"/>, tuples are arrays, lists
/// <see cref="List{T}"/>, dictionaries keep the entries with texts as keys.
/// </remarks>
/// <param name="begin">Where the pickle begins in <paramref name="file"/>.</param>
/// <param name="storage">From what stands for a storage to that storage.</param>
internal sealed class PickleReader(
    ReadOnlyMemory<byte> file,
    int begin,
    Func<IReadOnlyList<object?>, TorchStorage> storage
)
{
    private const int MaxSteps = 1_000_000,
        MaxMarks = 256,
        MaxName = 256,
        MaxText = 1 << 16,
        MaxBytes = 64 << 20,
        MaxProtocol = 5;

    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly int _begin = begin;
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>The first byte that was not read.</summary>
    public int Position { get; private set; } = begin;

    /// <exception cref="InputException"><c>weights-file</c></exception>
    public object? Read()
    {
        for (var steps = 0; steps < MaxSteps; steps++)
        {
            var opcode = (PickleOpcode)Byte();
            if (opcode == PickleOpcode.Stop)
                return Pop();
            Step(opcode);
        }
        throw TorchFault.Refused($"has more than {MaxSteps:N0} parts beside its numbers");
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                if (Byte() is > MaxProtocol and var protocol)
                    throw TorchFault.Refused($"has a pickle of protocol {protocol} and {MaxProtocol} is known");
                break;
            case PickleOpcode.Frame:
                Bytes(sizeof(long));
                break;
            case PickleOpcode.Mark:
                if (_marks.Count == MaxMarks)
                    throw TorchFault.Refused($"is nested more than {MaxMarks} deep");
                _marks.Add(_stack.Count);
                break;
            case PickleOpcode.Pop:
                Pop();
                break;
            case PickleOpcode.PopMark:
                Marked();
                break;
            case PickleOpcode.None:
                Push(null);
                break;
            case PickleOpcode.NewTrue or PickleOpcode.NewFalse:
                Push(opcode == PickleOpcode.NewTrue);
                break;
            case PickleOpcode.BinInt:
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                break;
            case PickleOpcode.BinInt1:
                Push((long)Byte());
                break;
            case PickleOpcode.BinInt2:
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                break;
            case PickleOpcode.Long1:
                Push(Integer(new BigInteger(Bytes(Byte()))));
                break;
            case PickleOpcode.BinFloat:
                Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                break;
            case PickleOpcode.BinUnicode:
                Push(Encoding.UTF8.GetString(Bytes(Length())));
                break;
            case PickleOpcode.ShortBinUnicode:
                Push(Encoding.UTF8.GetString(Bytes(Byte())));
                break;
            case PickleOpcode.BinString:
                Push(Encoding.Latin1.GetString(Bytes(Length())));
                break;
            case PickleOpcode.ShortBinString:
                Push(Encoding.Latin1.GetString(Bytes(Byte())));
                break;
            case PickleOpcode.EmptyTuple:
                Push(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                Push(From(_stack.Count - (opcode - PickleOpcode.Tuple1 + 1)));
                break;
            case PickleOpcode.Tuple:
                Push(Marked());
                break;
            case PickleOpcode.EmptyList:
                Push(new List<object?>());
                break;
            case PickleOpcode.List:
                Push(Marked().ToList());
                break;
            case PickleOpcode.Append:
                var item = Pop();
                Top<List<object?>>().Add(item);
                break;
            case PickleOpcode.Appends:
                var items = Marked();
                Top<List<object?>>().AddRange(items);
                break;
            case PickleOpcode.EmptyDict:
                Push(new Dictionary<string, object?>(StringComparer.Ordinal));
                break;
            case PickleOpcode.Dict:
                var entries = Marked();
                Push(new Dictionary<string, object?>(StringComparer.Ordinal));
                SetItems(entries);
                break;
            case PickleOpcode.SetItem:
                SetItems(From(_stack.Count - 2));
                break;
            case PickleOpcode.SetItems:
                SetItems(Marked());
                break;
            case PickleOpcode.BinPut:
                _memo[Byte()] = Top();
                break;
            case PickleOpcode.LongBinPut:
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Top();
                break;
            case PickleOpcode.Memoize:
                _memo[(uint)_memo.Count] = Top();
                break;
            case PickleOpcode.BinGet:
                Push(Memo(Byte()));
                break;
            case PickleOpcode.LongBinGet:
                Push(Memo(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                break;
            case PickleOpcode.Global:
                var (module, member) = (Line(), Line());
                Push(TorchFunctions.Known(new(module, member)));
                break;
            case PickleOpcode.StackGlobal:
                var (name, of) = (Pop<string>(), Pop<string>());
                Push(TorchFunctions.Known(new(of, name)));
                break;
            case PickleOpcode.Reduce:
                var arguments = Pop<object?[]>();
                Push(TorchFunctions.Call(Pop<PickleGlobal>(), arguments));
                break;
            case PickleOpcode.Build:
                // Attributes of a dictionary, which are no weights: a state dict's versions of its modules.
                Pop();
                Top<Dictionary<string, object?>>();
                break;
            case PickleOpcode.BinPersId:
                Push(storage(Pop<object?[]>()));
                break;
            default:
                throw TorchFault.Refused($"has the pickle instruction 0x{(byte)opcode:x2}, which weights do not need");
        }
    }

    private void SetItems(object?[] entries)
    {
        var dictionary = Top<Dictionary<string, object?>>();
        if (entries.Length % 2 != 0)
            throw Damaged();
        for (var i = 0; i < entries.Length; i += 2)
            if (entries[i] is string key)
                dictionary[key] = entries[i + 1];
    }

    private static object Integer(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private void Push(object? value) => _stack.Add(value);

    private object? Pop() => From(_stack.Count - 1)[0];

    private T Pop<T>() => Pop() is T value ? value : throw Damaged();

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Damaged();

    private T Top<T>() => Top() is T value ? value : throw Damaged();

    private object? Memo(uint index) => _memo.TryGetValue(index, out var value) ? value : throw Damaged();

    /// <summary>No instruction takes what lies below the last mark.</summary>
    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private object?[] Marked()
    {
        if (_marks.Count == 0)
            throw Damaged();
        var all = From(_marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return all;
    }

    /// <summary>Takes what lies on the stack from a place on.</summary>
    private object?[] From(int first)
    {
        if (first < Floor)
            throw Damaged();
        object?[] taken = [.. CollectionsMarshal.AsSpan(_stack)[first..]];
        _stack.RemoveRange(first, taken.Length);
        return taken;
    }

    private byte Byte() => Bytes(1)[0];

    private int Length() =>
        BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)) is <= MaxText and var length
            ? (int)length
            : throw TorchFault.Refused($"has a text of more than {MaxText:N0} bytes");

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > file.Length - Position)
            throw TorchFault.Broken("it is truncated");
        var bytes = file.Span.Slice(Position, count);
        Position += count;
        return Position - _begin <= MaxBytes
            ? bytes
            : throw TorchFault.Refused($"has more than {MaxBytes:N0} bytes beside its numbers");
    }

    private string Line()
    {
        var rest = file.Span[Position..];
        var length = rest[..Math.Min(rest.Length, MaxName)].IndexOf((byte)'\n');
        if (length < 0)
            throw Damaged();
        Position += length + 1;
        return Encoding.UTF8.GetString(rest[..length]);
    }

    private static InputException Damaged() => TorchFault.Broken("its pickle is damaged");
}
