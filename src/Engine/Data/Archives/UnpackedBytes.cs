using ComodCluster.Engine.Data.Text;
using ICSharpCode.SharpZipLib.Checksum;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>
/// One entry's bytes as they are unpacked: counted, and at the end compared with the length and CRC-32 of the entry's
/// header.
/// </summary>
internal sealed class UnpackedBytes(
    Stream inner,
    UnpackBudget budget,
    string path,
    long packedBytes,
    long? length,
    uint? crc
) : Stream
{
    private readonly Crc32 _crc = new();
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (count == 0)
            return 0;
        int got;
        try
        {
            got = inner.Read(buffer, offset, count);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(e);
        }
        if (got == 0)
        {
            if ((length is { } l && l != _read) || (crc is { } c && c != (uint)_crc.Value))
                throw Damaged(null);
            return 0;
        }
        _read += got;
        if (crc is not null)
            _crc.Update(new ArraySegment<byte>(buffer, offset, got));
        budget.Spend(got);
        if (_read > ArchiveLimits.FreeBytes && _read / budget.Limits.MaxRatio > packedBytes)
            throw budget.Limits.Bomb($"The entry '{path.Shown()}'");
        return got;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private InputException Damaged(Exception? cause) =>
        new(
            "archive-unreadable",
            $"The entry '{path.Shown()}' is damaged or its header lies about it; pack the archive again.",
            cause
        );
}
