namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>Numbers one after the other, which tensors are views of.</summary>
/// <param name="Count">Elements that the pickle promises.</param>
internal sealed record TorchStorage(string Key, ElementType Type, long Count)
{
    /// <summary>Little-endian; set before a tensor of it is read.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <exception cref="InputException"><c>weights-file</c>: other bytes than the pickle promises.</exception>
    public void Fill(ReadOnlyMemory<byte> bytes) =>
        Bytes =
            bytes.Length == Count * SafeTensors.SizeOf(Type)
                ? bytes
                : throw TorchFault.Broken($"it promises {Count} numbers in {bytes.Length} bytes");

    /// <param name="id">What a pickle writes in a storage's place: the word, type, key, device, elements, and in the
    /// older form the view of another storage that it is.</param>
    public static TorchStorage Of(IReadOnlyList<object?> id)
    {
        if (
            id.Count < 5
            || (id[0], id[1], id[2], id[4])
                is not
                ("storage", PickleGlobal type, string key, long and >= 0 and <= int.MaxValue and var count)
            || TorchFunctions.StorageType(type) is not { } element
        )
            throw TorchFault.Broken("its pickle names a storage in another way than PyTorch does");
        if (id.Count > 5 && id[5] is not null)
            throw TorchFault.Refused("has storages that are views, as PyTorch wrote before 0.4");
        return new(key, element, count);
    }
}
