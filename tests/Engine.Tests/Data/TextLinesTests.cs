using System.Text;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Tests.Data;

/// <summary>Label files are read line by line, and no longer than they can be of use.</summary>
public sealed class TextLinesTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public void Lines_MoreThanThereAreNames_AreRefusedWithoutReadingOn()
    {
        var file = new Repeated("a\n"u8.ToArray(), 140 * Megabyte);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var e = Assert.Throws<InputException>(() => Count(file, maxLines: 1000));

        Assert.Contains("1,000 lines", e.Message, StringComparison.Ordinal);
        Assert.InRange(file.Sent, 1, Megabyte);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Megabyte);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\0")]
    public void Line_WithoutEnd_IsRefusedWithoutReadingOn(string text)
    {
        var file = new Repeated(Encoding.UTF8.GetBytes(text), 140 * Megabyte);

        Assert.Throws<InputException>(() => Count(file, maxLines: 1000));

        Assert.InRange(file.Sent, 1, Megabyte);
    }

    [Fact]
    public void EmptyLines_WithoutEnd_AreRefused()
    {
        var file = new Repeated("\n"u8.ToArray(), long.MaxValue);

        Assert.Throws<InputException>(() => Count(file, maxLines: 1000));

        Assert.InRange(file.Sent, 1, Megabyte);
    }

    [Theory]
    [InlineData("a\nb\r\nc\rd", "a b c d")]
    [InlineData("\n\n a \n\n", "a")]
    [InlineData("", "")]
    [InlineData("x", "x")]
    public void Lines_OfAnySystem_AreTrimmedAndNotEmpty(string text, string lines) =>
        Assert.Equal(lines, string.Join(' ', Lines(new MemoryStream(Encoding.UTF8.GetBytes(text)), 10)));

    [Fact]
    public void Lines_AcrossReads_AreWhole()
    {
        string[] lines = [.. Enumerable.Range(0, 2_000).Select(i => new string('ä', i % 300 + 1))];
        var text = string.Join('\n', lines);
        foreach (var encoding in (Encoding[])[new UTF8Encoding(false), new UnicodeEncoding(true, true)])
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
            Assert.Equal(lines, Lines(new MemoryStream(bytes), lines.Length));
        }
    }

    private static int Count(Stream file, int maxLines) => Lines(file, maxLines).Count();

    private static IEnumerable<string> Lines(Stream file, int maxLines) =>
        new TextLines(file, "labels.txt", new TextDecoder(), maxLines, m => new InputException("dataset-labels", m));

    /// <summary>The same bytes again and again; counts those that were asked for.</summary>
    private sealed class Repeated(byte[] unit, long length) : Stream
    {
        public long Sent { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => Sent;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, length - Sent);
            for (var i = 0; i < count; i++)
                buffer[offset + i] = unit[(Sent + i) % unit.Length];
            Sent += count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
