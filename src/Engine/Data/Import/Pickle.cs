using System.Buffers.Binary;
using System.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// Reads the values of a Python pickle (protocols 2 to 4) that has numbers, strings, lists, tuples, dictionaries and
/// NumPy arrays. What it names is never run: an object that is made by a call is <see cref="PickledCall"/>. Strings of
/// Python 2, which may be bytes, are bytes: parts of the file, not copies.
/// </summary>
internal sealed class Pickle
{
    private const int MaxValues = 1_000_000;

    private static readonly object Mark = new();

    private readonly byte[] _bytes;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;
    private int _values;

    private Pickle(byte[] bytes) => _bytes = bytes;

    /// <exception cref="InvalidDataException">It is no such pickle, or damaged.</exception>
    public static object? Read(byte[] bytes)
    {
        try
        {
            return new Pickle(bytes).Run();
        }
        catch (OverflowException e)
        {
            throw new InvalidDataException("A length in the pickle is damaged.", e);
        }
    }

    private object? Run()
    {
        while (true)
        {
            var code = Take(1)[0];
            switch (code)
            {
                case (byte)'.':
                    return Pop();
                case 0x80: // PROTO
                    Take(1);
                    break;
                case 0x95: // FRAME
                    Take(8);
                    break;
                case (byte)'(':
                    Push(Mark);
                    break;
                case (byte)'N':
                    Push(null);
                    break;
                case 0x88 or 0x89:
                    Push(code == 0x88);
                    break;
                case (byte)'K':
                    Push((long)Take(1)[0]);
                    break;
                case (byte)'M':
                    Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                    break;
                case (byte)'J':
                    Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                    break;
                case (byte)'U' or (byte)'C' or 0x8C: // strings and bytes with a length of one byte
                    Push(Text(code == 0x8C, Take(1)[0]));
                    break;
                case (byte)'T' or (byte)'B' or (byte)'X': // of four bytes
                    Push(Text(code == 'X', checked((int)BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
                    break;
                case 0x8E or 0x8D: // of eight bytes
                    Push(Text(code == 0x8D, checked((int)BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))));
                    break;
                case (byte)'c': // GLOBAL
                    Push($"{Line()}.{Line()}");
                    break;
                case 0x93: // STACK_GLOBAL
                    var name = Pop();
                    Push($"{Pop()}.{name}");
                    break;
                case (byte)']':
                    Push(new List<object?>());
                    break;
                case (byte)'a':
                    var item = Pop();
                    Top<List<object?>>().Add(item);
                    break;
                case (byte)'e':
                    var items = ToMark();
                    Top<List<object?>>().AddRange(items);
                    break;
                case (byte)'}':
                    Push(new Dictionary<string, object?>());
                    break;
                case (byte)'s':
                    var value = Pop();
                    Set(Pop(), value);
                    break;
                case (byte)'u':
                    var pairs = ToMark();
                    for (var i = 0; i + 1 < pairs.Length; i += 2)
                        Set(pairs[i], pairs[i + 1]);
                    break;
                case (byte)')':
                    Push(Array.Empty<object?>());
                    break;
                case >= 0x85 and <= 0x87: // TUPLE1 to TUPLE3
                    Push(Last(code - 0x84));
                    break;
                case (byte)'t':
                    Push(ToMark());
                    break;
                case (byte)'R':
                    var arguments = Pop();
                    Push(new PickledCall(Pop() as string ?? throw Damaged(), arguments));
                    break;
                case (byte)'b':
                    var state = Pop();
                    Top<PickledCall>().State = state;
                    break;
                case (byte)'q':
                    _memo[Take(1)[0]] = Top();
                    break;
                case (byte)'r':
                    _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top();
                    break;
                case 0x94: // MEMOIZE
                    _memo[(uint)_memo.Count] = Top();
                    break;
                case (byte)'h':
                    Push(Known(Take(1)[0]));
                    break;
                case (byte)'j':
                    Push(Known(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                    break;
                default:
                    throw new InvalidDataException($"The pickle has the code {code}, which no CIFAR file has.");
            }
        }
    }

    private object Text(bool unicode, int length)
    {
        var bytes = Take(length);
        return unicode ? Encoding.UTF8.GetString(bytes) : _bytes.AsMemory(_at - length, length);
    }

    private static string Key(object? key) =>
        key switch
        {
            Memory<byte> bytes => Encoding.Latin1.GetString(bytes.Span),
            string text => text,
            _ => throw Damaged(),
        };

    private static InvalidDataException Damaged() => new("The pickle is damaged.");

    private void Set(object? key, object? value) => Top<Dictionary<string, object?>>()[Key(key)] = value;

    private object? Known(uint key) => _memo.TryGetValue(key, out var value) ? value : throw Damaged();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw new InvalidDataException("The pickle is cut off.");
        _at += count;
        return _bytes.AsSpan(_at - count, count);
    }

    private string Line()
    {
        var length = _bytes.AsSpan(_at).IndexOf((byte)'\n');
        if (length is < 0 or > 100)
            throw Damaged();
        var line = Encoding.Latin1.GetString(Take(length));
        Take(1);
        return line;
    }

    private void Push(object? value)
    {
        if (++_values > MaxValues)
            throw new InvalidDataException($"The pickle has more than {MaxValues} values.");
        _stack.Add(value);
    }

    private object? Top() => _stack.Count > 0 ? _stack[^1] : throw Damaged();

    private T Top<T>() => Top() is T value ? value : throw Damaged();

    private object? Pop() => Last(1)[0];

    private object?[] Last(int count)
    {
        if (count > _stack.Count)
            throw Damaged();
        object?[] last = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return last;
    }

    private object?[] ToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        var values = Last(mark < 0 ? int.MaxValue : _stack.Count - mark);
        return values[1..];
    }
}
