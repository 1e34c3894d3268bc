using System.Buffers.Binary;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>Where an entry of a zip is, as its central directory says (APPNOTE.TXT, 4.3.12 and 4.5.3).</summary>
/// <param name="Method">0: stored as it is.</param>
/// <param name="Packed">Bytes in the zip.</param>
/// <param name="Unpacked">Bytes of the content.</param>
/// <param name="Header">Offset of the local header.</param>
internal readonly record struct ZipExtent(ushort Method, long Packed, long Unpacked, long Header)
{
    private const int HeaderBytes = 30;
    private const uint HeaderSignature = 0x04034B50;
    private const ushort Zip64 = 1;

    /// <param name="entry">The fixed part of an entry of the central directory.</param>
    /// <param name="extra">Its further fields: what does not fit into 32 bits stands there.</param>
    public static ZipExtent Of(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra)
    {
        var wide = Field(extra, Zip64);
        var unpacked = Next(BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]), ref wide);
        var packed = Next(BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]), ref wide);
        var header = Next(BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]), ref wide);
        return new(BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]), packed, unpacked, header);
    }

    /// <summary>The bytes of an entry that is stored as it is; null where it is not, or does not lie in the
    /// zip.</summary>
    public ReadOnlyMemory<byte>? Stored(ReadOnlyMemory<byte> zip)
    {
        if (Method != 0 || Packed != Unpacked || Header < 0 || Header > zip.Length - HeaderBytes)
            return null;
        var header = zip.Span.Slice((int)Header, HeaderBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
            return null;
        var begin =
            Header
            + HeaderBytes
            + BinaryPrimitives.ReadUInt16LittleEndian(header[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        return Unpacked >= 0 && begin <= zip.Length && Unpacked <= zip.Length - begin
            ? zip.Slice((int)begin, (int)Unpacked)
            : (ReadOnlyMemory<byte>?)null;
    }

    private static long Next(uint narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != uint.MaxValue || wide.Length < sizeof(long))
            return narrow;
        var value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[sizeof(long)..];
        return value;
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> extra, ushort id)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (extra.Length < 4 + length)
                break;
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == id)
                return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        return default;
    }
}
