using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>
/// The headers of a tar: v7, ustar, GNU and pax (POSIX.1-2017, pax, "ustar Interchange Format"). .NET's own reader
/// decodes names before anybody sees their bytes, and keeps records of any length in memory.
/// </summary>
/// <param name="tar">Read forwards; the caller reads the content of each file.</param>
/// <param name="text">Makes names of bytes.</param>
internal sealed class TarHeaders(Stream tar, TextDecoder text)
{
    private const int BlockBytes = 512,
        MaxRecordBytes = 1 << 16;

    private readonly byte[] _block = new byte[BlockBytes];
    private long _padding;

    /// <summary>The next entry, whose content the caller reads whole; null at the end.</summary>
    /// <exception cref="InvalidDataException">It is no tar, or a damaged one.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    /// <exception cref="InputException"><c>text-encoding</c></exception>
    public TarEntry? Next()
    {
        (byte[] Bytes, bool Utf8)? longName = null;
        long? longSize = null;
        while (ReadHeader())
        {
            var size = longSize ?? Number(_block.AsSpan(124, 12));
            var kind = (char)_block[156];
            switch (kind)
            {
                case 'x' or 'X':
                    foreach (var (key, value) in Pax(Record(size)))
                    {
                        if (key is "path")
                            longName = (value, longName?.Utf8 ?? true);
                        else if (key is "size")
                            longSize = Decimal(value);
                        else if (key is "hdrcharset" && value.AsSpan().SequenceEqual("BINARY"u8))
                            longName = (longName?.Bytes ?? [], false);
                        else if (key.StartsWith("GNU.sparse.", StringComparison.Ordinal))
                            throw new InvalidDataException("The tar has sparse files.");
                    }
                    break;
                case 'L':
                    longName = (Terminated(Record(size)).ToArray(), false);
                    break;
                case 'g' or 'K':
                    Record(size);
                    break;
                default:
                    var name = longName is { Bytes.Length: > 0 } l
                        ? text.Decode(l.Bytes, "a name", l.Utf8)
                        : text.Decode(ShortName(), "a name");
                    // Of others the size is that of another file, or what a file system needs for a directory.
                    var content = KindOf(kind, name) == TarKind.File || kind == 'D' ? size : 0;
                    _padding = Padding(content);
                    return new TarEntry(name, KindOf(kind, name), content);
            }
        }
        return null;
    }

    private static TarKind KindOf(char kind, string name) =>
        kind switch
        {
            '0' or '\0' or '7' => name.EndsWith('/') ? TarKind.Directory : TarKind.File,
            '5' or 'D' => TarKind.Directory,
            _ => TarKind.Special,
        };

    /// <returns>Whether there is a further header; a block of zeros ends the tar.</returns>
    private bool ReadHeader()
    {
        Skip(_padding);
        _padding = 0;
        var got = tar.ReadAtLeast(_block, BlockBytes, throwOnEndOfStream: false);
        if (got == 0 || (got == BlockBytes && !_block.AsSpan().ContainsAnyExcept((byte)0)))
            return false;
        if (got < BlockBytes)
            throw new EndOfStreamException();
        var stated = Number(_block.AsSpan(148, 8));
        int sum = 8 * ' ',
            signed = sum;
        for (var i = 0; i < BlockBytes; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            sum += _block[i];
            signed += (sbyte)_block[i];
        }
        return stated == sum || stated == signed
            ? true
            : throw new InvalidDataException("The checksum of a tar's header is wrong.");
    }

    private byte[] ShortName()
    {
        var name = Terminated(_block.AsSpan(0, 100));
        var prefix = Terminated(_block.AsSpan(345, 155));
        return _block.AsSpan(257, 6).SequenceEqual("ustar\0"u8) && prefix.Length > 0
            ? [.. prefix, (byte)'/', .. name]
            : name.ToArray();
    }

    /// <summary>The content of a header that describes the next one.</summary>
    private byte[] Record(long size)
    {
        if (size > MaxRecordBytes)
            throw new InvalidDataException($"A name or record of the tar has more than {MaxRecordBytes} bytes.");
        var record = new byte[size];
        tar.ReadExactly(record);
        Skip(Padding(size));
        return record;
    }

    /// <summary>Records of the form "length key=value\n"; lengths are of the whole record.</summary>
    private static IEnumerable<(string Key, byte[] Value)> Pax(byte[] records)
    {
        for (var at = 0; at < records.Length; )
        {
            var rest = records.AsSpan(at);
            if (
                !Utf8Parser.TryParse(rest, out int length, out var digits)
                || length <= digits + 2
                || length > rest.Length
                || rest[digits] != ' '
                || rest[length - 1] != '\n'
                || rest[..length].IndexOf((byte)'=') is not (var equals and > 0)
            )
                throw new InvalidDataException("A record of the tar is malformed.");
            yield return (
                Encoding.ASCII.GetString(rest[(digits + 1)..equals]),
                rest[(equals + 1)..(length - 1)].ToArray()
            );
            at += length;
        }
    }

    /// <summary>Octal digits, or after a first bit that is set a binary number.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        long number = 0;
        if (field[0] == 0x80)
        {
            foreach (var b in field[1..])
                number = number <= long.MaxValue >> 8 ? number << 8 | b : throw Malformed();
            return number;
        }
        foreach (var b in field.Trim(" \0"u8))
            number = b is >= (byte)'0' and <= (byte)'7' ? number << 3 | (uint)(b - '0') : throw Malformed();
        return number;
    }

    private static long Decimal(byte[] value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Malformed();

    private static InvalidDataException Malformed() => new("A number of the tar is malformed.");

    private static ReadOnlySpan<byte> Terminated(ReadOnlySpan<byte> field) =>
        field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private static long Padding(long size) => (BlockBytes - size % BlockBytes) % BlockBytes;

    private void Skip(long bytes)
    {
        Span<byte> rest = stackalloc byte[BlockBytes];
        tar.ReadExactly(rest[..(int)bytes]);
    }
}
