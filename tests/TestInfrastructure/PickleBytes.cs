using System.Buffers.Binary;
using System.Text;

namespace ComodCluster.TestInfrastructure;

/// <summary>A pickle, written instruction by instruction.</summary>
public sealed class PickleBytes
{
    private readonly MemoryStream _bytes = new();

    public static byte[] Of(Action<PickleBytes> write)
    {
        var pickle = new PickleBytes().Op(0x80, 2);
        write(pickle);
        return pickle.Op('.')._bytes.ToArray();
    }

    /// <summary>A dictionary of float32 tensors, each with a storage of its own under its number.</summary>
    public static void StateDict(PickleBytes to, IReadOnlyList<(string Name, long[] Shape)> tensors)
    {
        to.Global("collections", "OrderedDict").Op(')', 'R', '(');
        for (var i = 0; i < tensors.Count; i++)
            to.Text(tensors[i].Name).Tensor($"{i}", tensors[i].Shape);
        to.Op('u');
    }

    public PickleBytes Op(params int[] bytes)
    {
        foreach (var one in bytes)
            _bytes.WriteByte((byte)one);
        return this;
    }

    public PickleBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleBytes Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').Word((uint)bytes.Length).Raw(bytes);
    }

    public PickleBytes Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    /// <summary>An integer of up to 8 bytes.</summary>
    public PickleBytes Int(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Op(0x8a, 8).Raw(bytes);
    }

    public PickleBytes Ints(params long[] values)
    {
        Op('(');
        foreach (var value in values)
            Int(value);
        return Op('t');
    }

    /// <param name="count">Elements of the storage; null: as many as the shape needs.</param>
    /// <param name="strides">Null: row-major.</param>
    public PickleBytes Tensor(
        string key,
        long[] shape,
        long? count = null,
        long offset = 0,
        long[]? strides = null,
        string type = "FloatStorage"
    )
    {
        long[] rows = [.. shape.Select((_, d) => shape[(d + 1)..].Aggregate(1L, (n, size) => n * size))];
        Global("torch._utils", "_rebuild_tensor_v2").Op('(', '(').Text("storage").Global("torch", type).Text(key);
        Text("cpu").Int(count ?? shape.Aggregate(1L, (n, d) => n * d)).Op('t', 'Q');
        return Int(offset)
            .Ints(shape)
            .Ints(strides ?? rows)
            .Op(0x89)
            .Global("collections", "OrderedDict")
            .Op(')', 'R', 't', 'R');
    }
}
