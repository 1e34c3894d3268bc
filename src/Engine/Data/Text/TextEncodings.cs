using System.Text;

namespace ComodCluster.Engine.Data.Text;

/// <summary>Encodings of text that is not Unicode, by the names that a user may give.</summary>
public static class TextEncodings
{
    private static readonly (string Name, int CodePage)[] Known =
    [
        ("cp437", 437),
        ("cp850", 850),
        ("cp852", 852),
        ("cp866", 866),
        ("latin1", 28591),
        ("windows-1250", 1250),
        ("windows-1251", 1251),
        ("windows-1252", 1252),
        ("windows-1253", 1253),
        ("windows-1254", 1254),
        ("windows-1255", 1255),
        ("windows-1256", 1256),
        ("windows-1257", 1257),
        ("windows-1258", 1258),
        ("koi8-r", 20866),
        ("shift_jis", 932),
        ("euc-jp", 51932),
        ("gbk", 936),
        ("gb18030", 54936),
        ("big5", 950),
        ("euc-kr", 949),
    ];

    /// <summary>Those that names are mostly in, in the order in which they are proposed.</summary>
    private static readonly string[] Likely =
    [
        "cp437",
        "windows-1252",
        "shift_jis",
        "gbk",
        "euc-kr",
        "cp866",
        "windows-1251",
        "cp852",
        "windows-1250",
        "big5",
    ];

    /// <summary>UTF-8 that refuses what is none.</summary>
    internal static Encoding Utf8 { get; } = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(k => k.Name)];

    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <exception cref="InputException"><c>text-encoding</c>: there is none of that name.</exception>
    public static Encoding Find(string name)
    {
        foreach (var known in Known)
            if (known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return Strict(known.CodePage);
        throw new InputException(
            "text-encoding",
            $"There is no encoding '{name.Shown()}'; choose one of {string.Join(", ", Names)}."
        );
    }

    /// <summary>The text, if the bytes are some and the text is these bytes and no others.</summary>
    internal static string? TryDecode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = encoding.GetString(bytes);
            return encoding.GetBytes(text).AsSpan().SequenceEqual(bytes) ? text : null;
        }
        catch (Exception e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>What bytes would be in likely encodings, each reading once, with one encoding's name.</summary>
    internal static IReadOnlyList<(string Name, string Text)> Readings(ReadOnlySpan<byte> bytes)
    {
        var readings = new List<(string Name, string Text)>();
        foreach (var name in Likely)
            if (
                TryDecode(Find(name), bytes) is { } text
                && text.All(c => char.IsLetter(c) || (char.IsAscii(c) && c != '\\'))
                && readings.All(r => r.Text != text)
            )
                readings.Add((name, text));
        return readings;
    }

    private static Encoding Strict(int codePage) =>
        codePage == Encoding.Latin1.CodePage
            ? Encoding.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
            : CodePagesEncodingProvider.Instance.GetEncoding(
                codePage,
                EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback
            )!;
}
