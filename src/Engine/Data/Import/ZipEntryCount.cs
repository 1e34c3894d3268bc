using System.Buffers.Binary;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// Walks the central directory of a zip without keeping it, because <see cref="System.IO.Compression.ZipArchive"/>
/// holds every entry in memory before it compares the count with what the archive claims.
/// </summary>
internal static class ZipEntryCount
{
    private const uint EndSignature = 0x06054B50,
        End64LocatorSignature = 0x07064B50,
        End64Signature = 0x06064B50,
        EntrySignature = 0x02014B50;
    private const int EndBytes = 22,
        End64LocatorBytes = 20,
        End64Bytes = 56,
        EntryBytes = 46;

    /// <returns>Entries really there, or limit + 1 as soon as there are more; null where there is no zip
    /// directory.</returns>
    public static int? Count(Stream zip, int limit)
    {
        if (DirectoryOffset(zip) is not { } offset || offset < 0 || offset > zip.Length)
            return null;
        var reader = new BufferedStream(zip, 1 << 16); // not disposed: that would dispose the zip
        reader.Position = offset;
        Span<byte> entry = stackalloc byte[EntryBytes];
        for (var count = 0; ; count++)
        {
            if (
                reader.ReadAtLeast(entry, EntryBytes, throwOnEndOfStream: false) < EntryBytes
                || BinaryPrimitives.ReadUInt32LittleEndian(entry) != EntrySignature
            )
                return count;
            if (count == limit)
                return limit + 1;
            reader.Seek(
                BinaryPrimitives.ReadUInt16LittleEndian(entry[28..])
                    + BinaryPrimitives.ReadUInt16LittleEndian(entry[30..])
                    + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]),
                SeekOrigin.Current
            );
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
                ? Zip64Offset(zip, tailAt + i) ?? offset
                : offset;
        }
        return null;
    }

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
