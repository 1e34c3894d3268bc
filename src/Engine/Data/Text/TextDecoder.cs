using System.Text;

namespace ComodCluster.Engine.Data.Text;

/// <summary>
/// The one place where bytes of others become names and labels: as the source states, else as the user states, else as
/// UTF-8, else refused. An encoding is never guessed by one name: "猫" in GBK is "è" in UTF-8. Different bytes never
/// become one text, but for two spellings of the same Unicode text, which are composed (<see cref="Composition"/>).
/// </summary>
/// <param name="encoding">What the user states; null: UTF-8.</param>
/// <exception cref="InputException"><c>text-encoding</c>: there is no such encoding.</exception>
internal sealed class TextDecoder(string? encoding = null)
{
    private const int MaxReadings = 4;

    private readonly Encoding? _given = encoding is null ? null : TextEncodings.Find(encoding);

    /// <summary>Texts that were composed from decomposed ones.</summary>
    public int Composed { get; private set; }

    /// <summary>Texts that were read in the encoding that the user states.</summary>
    public int AsGiven { get; private set; }

    /// <param name="bytes">Without a byte order mark.</param>
    /// <param name="what">The kind of text, for messages: "a name", "a line of …".</param>
    /// <param name="utf8">Whether the source states UTF-8.</param>
    /// <exception cref="InputException"><c>text-encoding</c></exception>
    public string Decode(ReadOnlySpan<byte> bytes, string what, bool utf8 = false)
    {
        if (Ascii.IsValid(bytes))
            return Encoding.ASCII.GetString(bytes);
        if (utf8 || _given is null)
            return Checked(
                TextEncodings.TryDecode(TextEncodings.Utf8, bytes) ?? throw Refused(bytes, what, utf8),
                what
            );
        AsGiven++;
        return Checked(
            TextEncodings.TryDecode(_given, bytes)
                ?? throw new InputException(
                    "text-encoding",
                    $"'{Bytes(bytes)}', {what}, is not {encoding}; state the encoding that it is in, or use UTF-8."
                ),
            what
        );
    }

    /// <summary>Text that somebody else decoded: composed, and refused where characters have been lost.</summary>
    /// <exception cref="InputException"><c>text-encoding</c></exception>
    public string Checked(string text, string what)
    {
        if (text.Contains('\uFFFD') || text.Contains('\uFEFF'))
            throw new InputException(
                "text-encoding",
                $"'{text.Shown()}', {what}, has characters that stand for lost ones; write it anew in UTF-8."
            );
        var composed = Composition.Compose(text);
        if (!ReferenceEquals(composed, text))
            Composed++;
        return composed;
    }

    private static InputException Refused(ReadOnlySpan<byte> bytes, string what, bool stated)
    {
        if (stated)
            return new InputException(
                "text-encoding",
                $"'{Bytes(bytes)}', {what}, is said to be UTF-8 and is not; write it anew in UTF-8."
            );
        var readings = TextEncodings.Readings(bytes).Take(MaxReadings).ToArray();
        return new InputException(
            "text-encoding",
            readings.Length == 0
                ? $"'{Bytes(bytes)}', {what}, is not UTF-8; write it anew in UTF-8, or state its encoding."
                : $"'{Bytes(bytes)}', {what}, is not UTF-8 but "
                    + string.Join(" or ", readings.Select(r => $"'{r.Text.Shown()}' in {r.Name}"))
                    + "; send it again with the right encoding, or write it anew in UTF-8."
        );
    }

    private static string Bytes(ReadOnlySpan<byte> bytes) =>
        string.Concat(bytes[..Math.Min(bytes.Length, 256)].ToArray().Select(b => b < 0x80 ? (char)b : '?')).Shown();
}
