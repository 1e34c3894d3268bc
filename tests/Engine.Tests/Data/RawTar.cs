using System.Text;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Tars whose names are any bytes, by the way in which the name is stored.</summary>
internal static class RawTar
{
    public static byte[] Header(byte[] name, long size, char kind = '0', string magic = "ustar\0")
    {
        var block = new byte[512];
        name.CopyTo(block, 0);
        Ascii("0000644\0").CopyTo(block, 100);
        Ascii(Convert.ToString(size, 8).PadLeft(11, '0') + "\0").CopyTo(block, 124);
        Ascii("00000000000\0").CopyTo(block, 136);
        Ascii("        ").CopyTo(block, 148);
        block[156] = (byte)kind;
        Ascii(magic).CopyTo(block, 257);
        var sum = block.Sum(b => b);
        Ascii(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return block;
    }

    public static byte[] Ustar(byte[] name, byte[] content) => [.. Header(name, content.Length), .. Padded(content)];

    public static byte[] Gnu(byte[] name, byte[] content)
    {
        byte[] terminated = [.. name, 0];
        return
        [
            .. Header("././@LongLink"u8.ToArray(), terminated.Length, 'L', "ustar  \0"),
            .. Padded(terminated),
            .. Header("cut"u8.ToArray(), content.Length, '0', "ustar  \0"),
            .. Padded(content),
        ];
    }

    /// <param name="binary">Whether the record says that the name is not UTF-8.</param>
    public static byte[] Pax(byte[] name, byte[] content, bool binary = false)
    {
        byte[] records = [.. binary ? Record("hdrcharset", "BINARY"u8) : [], .. Record("path", name)];
        return
        [
            .. Header("pax"u8.ToArray(), records.Length, 'x'),
            .. Padded(records),
            .. Header("cut"u8.ToArray(), content.Length),
            .. Padded(content),
        ];
    }

    public static byte[] Padded(byte[] content) => [.. content, .. new byte[(512 - content.Length % 512) % 512]];

    private static byte[] Record(string key, ReadOnlySpan<byte> value)
    {
        var length = key.Length + value.Length + 3;
        while ($"{length} {key}=".Length + value.Length + 1 != length)
            length = $"{length} {key}=".Length + value.Length + 1;
        return [.. Ascii($"{length} {key}="), .. value, (byte)'\n'];
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
