using System.Collections;
using System.Text;

namespace ComodCluster.Engine.Data.Text;

/// <summary>
/// The lines of a text file, trimmed and without empty ones, read as they are asked for: only the line at hand is in
/// memory. A byte order mark states the encoding; else <see cref="TextDecoder"/> decides line by line, because no byte
/// of a longer character is a line's end in any encoding that it knows.
/// </summary>
/// <param name="file">Read once, and disposed with the enumeration.</param>
/// <param name="name">For messages.</param>
/// <param name="decoder">Makes text of bytes.</param>
/// <param name="maxLines">More lines are refused.</param>
/// <param name="refused">The exception for a sentence.</param>
internal sealed class TextLines(
    Stream file,
    string name,
    TextDecoder decoder,
    int maxLines,
    Func<string, InputException> refused
) : IEnumerable<string>
{
    private const int MaxLineBytes = 1 << 16,
        MaxEmptyLines = 1_000;
    private const long MaxBytes = 256 << 20;

    public IEnumerator<string> GetEnumerator()
    {
        using var opened = file;
        var buffer = new byte[MaxLineBytes];
        var (text, marked, end) = Unmarked(buffer);
        int start = 0,
            lines = 0;
        long empty = 0;
        long read = end;
        for (var more = true; more; )
        {
            var got = Fill();
            end += got;
            read += got;
            more = got > 0;
            if (read > MaxBytes)
                throw refused($"'{name.Shown()}' has more than {MaxBytes:N0} bytes; that is no label file.");
            while (start < end)
            {
                var length = buffer.AsSpan(start..end).IndexOfAny((byte)'\n', (byte)'\r');
                if (length < 0 && more)
                    break;
                var line = Line(buffer.AsSpan(start, length < 0 ? end - start : length));
                start = length < 0 ? end : start + length + 1;
                if (line.Length == 0 ? ++empty > MaxEmptyLines + 2L * maxLines : ++lines > maxLines)
                    throw refused(
                        $"'{name.Shown()}' has more than {maxLines:N0} lines, which is more than there are names for; "
                            + $"restore the original file."
                    );
                if (line.Length > 0)
                    yield return line;
            }
            if (end - start == buffer.Length)
                throw refused(
                    $"'{name.Shown()}' has a line of more than {MaxLineBytes:N0} bytes; that is no label file."
                );
            buffer.AsSpan(start..end).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        int Fill()
        {
            try
            {
                return text.Read(buffer, end, buffer.Length - end);
            }
            catch (DecoderFallbackException e)
            {
                throw new InputException(
                    "text-encoding",
                    $"'{name.Shown()}' begins as UTF-16 and is not; write it anew in UTF-8.",
                    e
                );
            }
        }

        string Line(ReadOnlySpan<byte> bytes)
        {
            var line = decoder.Decode(bytes, $"a line of '{name.Shown()}'", utf8: marked).Trim();
            if (line.Any(c => char.IsControl(c) && c != '\t'))
                throw refused(
                    $"'{name.Shown()}' has the line '{line.Shown()}' with characters that are no text; write it anew "
                        + $"in UTF-8."
                );
            return line;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// The file after its byte order mark, in UTF-8 where it has one; what was read and is no mark is in the buffer.
    /// </summary>
    private (Stream Text, bool Marked, int Read) Unmarked(byte[] buffer)
    {
        const int Utf8Mark = 3;
        var read = file.ReadAtLeast(buffer.AsSpan(0, 2), 2, throwOnEndOfStream: false);
        switch (buffer[..read])
        {
            case [0xFF, 0xFE]:
                return (Transcoded(bigEndian: false), true, 0);
            case [0xFE, 0xFF]:
                return (Transcoded(bigEndian: true), true, 0);
            case [0xEF, 0xBB]:
                read += file.ReadAtLeast(buffer.AsSpan(2, 1), 1, throwOnEndOfStream: false);
                return read == Utf8Mark && buffer[2] == 0xBF ? (file, true, 0) : (file, false, read);
            default:
                return (file, false, read);
        }

        Stream Transcoded(bool bigEndian) =>
            Encoding.CreateTranscodingStream(
                file,
                new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true),
                TextEncodings.Utf8
            );
    }
}
