using System.Text;
using ComodCluster.Engine.Data.Archives;

namespace ComodCluster.Engine.Backbones.Pickles;

/// <summary>
/// The zip that <c>torch.save</c> writes since PyTorch 1.6: one folder with the pickle <c>data.pkl</c>, and the bytes
/// of each storage in <c>data/KEY</c>, stored as they are.
/// </summary>
internal static class TorchArchive
{
    private const string Pickle = "/data.pkl";

    private static readonly ArchiveLimits s_limits = new(MaxEntries: 100_000, MaxNameBytes: 16 << 20);

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("PK\x03\x04"u8);

    /// <returns>What the pickle says; null where the zip is none of PyTorch's.</returns>
    /// <exception cref="InputException"><c>weights-file</c></exception>
    public static object? Read(string path, ReadOnlyMemory<byte> file)
    {
        var entries = Entries(path);
        if (entries.Keys.FirstOrDefault(IsPickle) is not { } pickle)
            return null;
        var folder = pickle[..^Pickle.Length];
        if (entries.ContainsKey($"{folder}/constants.pkl"))
            throw TorchFault.Refused("is a TorchScript program");
        if (
            entries.TryGetValue($"{folder}/byteorder", out var order)
            && !Stored(order, file, "byteorder").Span.SequenceEqual("little"u8)
        )
            throw TorchFault.BigEndian();
        return new PickleReader(Stored(entries[pickle], file, "data.pkl"), 0, Storage).Read();

        TorchStorage Storage(IReadOnlyList<object?> id)
        {
            var storage = TorchStorage.Of(id);
            if (!entries.TryGetValue($"{folder}/data/{storage.Key}", out var extent))
                throw TorchFault.Broken("the numbers of a tensor are missing");
            storage.Fill(Stored(extent, file, "the numbers of a tensor"));
            return storage;
        }
    }

    private static Dictionary<string, ZipExtent> Entries(string path)
    {
        using var zip = File.OpenRead(path);
        if (ZipDirectory.Count(zip, s_limits) is null)
            throw TorchFault.Broken("it is truncated: the directory at its end is missing");
        var entries = new Dictionary<string, ZipExtent>(StringComparer.Ordinal);
        foreach (var record in ZipDirectory.Records(zip))
            if (!entries.TryAdd(Encoding.UTF8.GetString(record.Name), record.Extent))
                throw TorchFault.Broken("two parts have one name");
        return entries;
    }

    private static bool IsPickle(string name) =>
        name.EndsWith(Pickle, StringComparison.Ordinal) && name.IndexOf('/') == name.Length - Pickle.Length;

    private static ReadOnlyMemory<byte> Stored(ZipExtent extent, ReadOnlyMemory<byte> file, string what) =>
        extent.Stored(file) ?? throw TorchFault.Broken($"{what} is compressed or lies beyond its end");
}
