using System.Buffers.Binary;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>
/// The central directory of a zip, walked without keeping it: <see cref="System.IO.Compression.ZipArchive"/> holds
/// every entry in memory before it compares the count with what the archive claims, and does not say in which bytes a
/// name is stored.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054B50,
        End64LocatorSignature = 0x07064B50,
        End64Signature = 0x06064B50,
        EntrySignature = 0x02014B50;
    private const int EndBytes = 22,
        End64LocatorBytes = 20,
        End64Bytes = 56,
        EntryBytes = 46;

    /// <returns>The number of entries that are really there; null where there is no zip directory.</returns>
    /// <exception cref="InputException"><c>archive-too-large</c>: too many, or too many bytes of names.</exception>
    public static int? Count(Stream zip, ArchiveLimits limits)
    {
        if (DirectoryOffset(zip) is null)
            return null;
        var count = 0;
        long names = 0;
        foreach (var record in Records(zip))
        {
            if (++count > limits.MaxEntries)
                throw limits.TooManyEntries();
            names += record.Bytes;
            if (names > limits.MaxNameBytes)
                throw limits.TooManyNames();
        }
        return count;
    }

    /// <summary>The entries in their order, as they are asked for; ends where no further one begins.</summary>
    public static IEnumerable<ZipRecord> Records(Stream zip)
    {
        if (DirectoryOffset(zip) is not { } offset)
            yield break;
        var reader = new BufferedStream(zip, 1 << 16); // not disposed: that would dispose the zip
        reader.Position = offset;
        var entry = new byte[EntryBytes];
        while (
            reader.ReadAtLeast(entry, EntryBytes, throwOnEndOfStream: false) == EntryBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(entry) == EntrySignature
        )
        {
            var name = new byte[BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(28))];
            var extra = new byte[BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(30))];
            var comment = BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(32));
            if (
                reader.ReadAtLeast(name, name.Length, throwOnEndOfStream: false) < name.Length
                || reader.ReadAtLeast(extra, extra.Length, throwOnEndOfStream: false) < extra.Length
            )
                yield break;
            reader.Seek(comment, SeekOrigin.Current);
            var flags = BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(8));
            var bytes = name.Length + extra.Length + comment;
            yield return new(entry[5], flags, name, extra, bytes, ZipExtent.Of(entry, extra));
        }
    }

    private static long? DirectoryOffset(Stream zip)
    {
        var tail = new byte[Math.Min(zip.Length, EndBytes + ushort.MaxValue)];
        var tailAt = zip.Length - tail.Length;
        zip.Position = tailAt;
        zip.ReadExactly(tail);
        for (var i = tail.Length - EndBytes; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i)) != EndSignature)
                continue;
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i + 16));
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(i + 10));
            return offset == uint.MaxValue || entries == ushort.MaxValue
                ? Within(zip, Zip64Offset(zip, tailAt + i) ?? offset)
                : Within(zip, offset);
        }
        return null;
    }

    private static long? Within(Stream zip, long offset) => offset >= 0 && offset <= zip.Length ? offset : null;

    private static long? Zip64Offset(Stream zip, long end)
    {
        if (end < End64LocatorBytes)
            return null;
        Span<byte> record = stackalloc byte[End64Bytes];
        zip.Position = end - End64LocatorBytes;
        zip.ReadExactly(record[..End64LocatorBytes]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64LocatorSignature)
            return null;
        var at = BinaryPrimitives.ReadInt64LittleEndian(record[8..]);
        if (at < 0 || at > zip.Length - End64Bytes)
            return null;
        zip.Position = at;
        zip.ReadExactly(record);
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == End64Signature
            ? BinaryPrimitives.ReadInt64LittleEndian(record[48..])
            : null;
    }
}
