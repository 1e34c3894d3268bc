using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Zips of stored entries whose names are any bytes.</summary>
internal static class RawZip
{
    public const byte Dos = 0,
        Unix = 3;

    /// <param name="Flags">0x800: the name is said to be UTF-8.</param>
    /// <param name="Mode">Upper half of the external attributes.</param>
    public sealed record Entry(
        byte[] Name,
        byte[] Content,
        ushort Flags = 0,
        byte Host = Dos,
        byte[]? Extra = null,
        ushort Mode = 0
    );

    /// <summary>Three images for each class folder, whose names are encoded.</summary>
    public static Stream OfClasses(Encoding encoding, params string[] classes) =>
        Of([
            .. classes.SelectMany(
                (c, k) =>
                    Enumerable
                        .Range(0, 3)
                        .Select(i => new Entry(encoding.GetBytes($"{c}/{i}.png"), Pictures.Png(k * 10 + i)))
            ),
        ]);

    public static Stream Of(params Entry[] entries)
    {
        var zip = new MemoryStream();
        var directory = new MemoryStream();
        foreach (var e in entries)
        {
            var at = (uint)zip.Position;
            var crc = Crc32.HashToUInt32(e.Content);
            zip.Write([0x50, 0x4B, 3, 4]);
            Write(zip, Common(e, crc), e.Name, e.Content);
            directory.Write([0x50, 0x4B, 1, 2, 20, e.Host]);
            var rest = new byte[14]; // comment, disk, attributes, offset
            BinaryPrimitives.WriteUInt16LittleEndian(rest.AsSpan(8), e.Mode);
            BinaryPrimitives.WriteUInt32LittleEndian(rest.AsSpan(10), at);
            var common = Common(e, crc);
            BinaryPrimitives.WriteUInt16LittleEndian(common.AsSpan(24), (ushort)(e.Extra?.Length ?? 0));
            Write(directory, common, rest, e.Name, e.Extra ?? []);
        }
        var end = new byte[22];
        new byte[] { 0x50, 0x4B, 5, 6 }.CopyTo(end, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)entries.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)entries.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)zip.Position);
        Write(zip, directory.ToArray(), end);
        zip.Position = 0;
        return zip;
    }

    /// <summary>The extra field with the UTF-8 name of an entry.</summary>
    public static byte[] UnicodePath(byte[] of, string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        var field = new byte[9 + utf8.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(field, 0x7075);
        BinaryPrimitives.WriteUInt16LittleEndian(field.AsSpan(2), (ushort)(5 + utf8.Length));
        field[4] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(field.AsSpan(5), Crc32.HashToUInt32(of));
        utf8.CopyTo(field, 9);
        return field;
    }

    /// <summary>From the version needed to the length of the extra field.</summary>
    private static byte[] Common(Entry e, uint crc)
    {
        var common = new byte[26];
        common[0] = 20;
        BinaryPrimitives.WriteUInt16LittleEndian(common.AsSpan(2), e.Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(8), 0x21);
        BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(10), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(14), (uint)e.Content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(18), (uint)e.Content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(common.AsSpan(22), (ushort)e.Name.Length);
        return common;
    }

    private static void Write(Stream to, params byte[][] parts)
    {
        foreach (var part in parts)
            to.Write(part);
    }
}
