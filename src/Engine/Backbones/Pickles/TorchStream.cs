using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>
/// What <c>torch.save</c> wrote before PyTorch 1.6: pickles of a magic number, the protocol, the system, the object and
/// the keys of its storages, then of each storage the number of its elements and their bytes.
/// </summary>
internal static class TorchStream
{
    private const int Protocol = 1001;
    private static readonly BigInteger s_magic = BigInteger.Parse(
        "01950a86a20f9469cfc6c",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture
    );

    public static bool Is(ReadOnlySpan<byte> file) => file is [0x80, >= 2 and <= 5, ..];

    /// <returns>What the pickle says.</returns>
    /// <exception cref="InputException"><c>weights-file</c></exception>
    public static object? Read(ReadOnlyMemory<byte> file)
    {
        var at = 0;
        var storages = new Dictionary<string, TorchStorage>(StringComparer.Ordinal);
        if (Next(file, ref at, None) is not BigInteger magic || magic != s_magic)
            throw TorchFault.Refused("is another pickle than torch.save writes");
        if (Next(file, ref at, None) is not (long and Protocol))
            throw TorchFault.Refused("has a protocol that nobody knows");
        if (
            Next(file, ref at, None) is not Dictionary<string, object?> system
            || !system.TryGetValue("little_endian", out var little)
            || little is not true
        )
            throw TorchFault.BigEndian();
        var root = Next(file, ref at, Storage);
        if (Next(file, ref at, None) is not List<object?> keys)
            throw TorchFault.Broken("the list of its storages is missing");
        foreach (var key in keys)
            Fill(key is string name && storages.Remove(name, out var storage) ? storage : null, file, ref at);
        return storages.Count == 0 ? root : throw TorchFault.Broken("the numbers of a tensor are missing");

        TorchStorage Storage(IReadOnlyList<object?> id)
        {
            var storage = TorchStorage.Of(id);
            if (!storages.TryAdd(storage.Key, storage) && storages[storage.Key] is var known)
                return known.Type == storage.Type && known.Count == storage.Count
                    ? known
                    : throw TorchFault.Broken("it gives one storage two types or lengths");
            return storage;
        }
    }

    private static object? Next(
        ReadOnlyMemory<byte> file,
        ref int at,
        Func<IReadOnlyList<object?>, TorchStorage> storage
    )
    {
        var reader = new PickleReader(file, at, storage);
        var value = reader.Read();
        at = reader.Position;
        return value;
    }

    private static void Fill(TorchStorage? storage, ReadOnlyMemory<byte> file, ref int at)
    {
        if (storage is null)
            throw TorchFault.Broken("it lists a storage that no tensor has");
        if (file.Length - at < sizeof(long))
            throw TorchFault.Broken("it is truncated");
        var count = BinaryPrimitives.ReadInt64LittleEndian(file.Span[at..]);
        at += sizeof(long);
        if (count != storage.Count)
            throw TorchFault.Broken($"it promises {storage.Count} numbers and announces {count}");
        var bytes = count * SafeTensors.SizeOf(storage.Type);
        if (bytes > file.Length - at)
            throw TorchFault.Broken("it is truncated");
        storage.Fill(file.Slice(at, (int)bytes));
        at += (int)bytes;
    }

    private static TorchStorage None(IReadOnlyList<object?> id) =>
        throw TorchFault.Broken("it has a storage before its weights");
}
