using System.Buffers.Binary;
using System.IO.Hashing;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>What the central directory of a zip says about an entry's name (APPNOTE.TXT, 4.3.12 and 4.6.9).</summary>
/// <param name="Host">The system that packed it: 0 MS-DOS, 3 Unix, 10 Windows, 19 macOS.</param>
/// <param name="Flags">General purpose bits.</param>
/// <param name="Name">As stored.</param>
/// <param name="Extra">Further fields.</param>
/// <param name="Bytes">Length of the name, of further fields and of the comment.</param>
/// <param name="Extent">Where the entry is.</param>
internal readonly record struct ZipRecord(
    byte Host,
    ushort Flags,
    byte[] Name,
    byte[] Extra,
    int Bytes,
    ZipExtent Extent
)
{
    private const ushort Utf8Flag = 1 << 11,
        UnicodePath = 0x7075;

    /// <summary>Whether the upper half of the external attributes is a Unix mode.</summary>
    public bool HasUnixMode => Host is 3 or 19;

    public bool IsUtf8 => (Flags & Utf8Flag) != 0;

    /// <summary>Older tools of MS-DOS, OS/2 and Windows separate folders by backslashes.</summary>
    private bool HasBackslashes => Host is 0 or 6 or 10 or 11 or 14;

    /// <summary>The name as text, with forward slashes.</summary>
    /// <exception cref="InputException"><c>text-encoding</c></exception>
    public string Decode(TextDecoder text)
    {
        var name = UnicodeName() is { } unicode
            ? text.Decode(unicode, "a name", utf8: true)
            : text.Decode(Name, "a name", IsUtf8);
        return HasBackslashes ? name.Replace('\\', '/') : name;
    }

    /// <summary>The UTF-8 name that stands beside one in another encoding, if it belongs to this one.</summary>
    private byte[]? UnicodeName()
    {
        for (ReadOnlySpan<byte> rest = Extra; rest.Length >= 4; )
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            if (rest.Length < 4 + length)
                return null;
            var field = rest.Slice(4, length);
            if (
                BinaryPrimitives.ReadUInt16LittleEndian(rest) == UnicodePath
                && field is [1, _, _, _, _, _, ..]
                && BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32.HashToUInt32(Name)
            )
                return field[5..].ToArray();
            rest = rest[(4 + length)..];
        }
        return null;
    }
}
