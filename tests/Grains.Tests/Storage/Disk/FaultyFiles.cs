using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Grains.Tests.Storage.Disk;

/// <summary>A disk that fails on demand: full after some bytes, or read-only.</summary>
internal sealed class FaultyFiles : IBlobFiles
{
    public static readonly int NoSpace = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;
    public static readonly int ReadOnly = OperatingSystem.IsWindows() ? unchecked((int)0x80070013) : 30;

    private readonly DiskFiles _disk = new();

    /// <summary>Bytes until the disk is full; null: never.</summary>
    public long? BytesLeft { get; set; }

    public bool IsReadOnly { get; set; }

    public Stream Create(string path)
    {
        ThrowIfReadOnly();
        return new LimitedStream(_disk.Create(path), this);
    }

    public Stream OpenRead(string path) => _disk.OpenRead(path);

    public void Sync(Stream created) => _disk.Sync(((LimitedStream)created).Inner);

    public void Move(string from, string to)
    {
        ThrowIfReadOnly();
        _disk.Move(from, to);
    }

    public void Delete(string path)
    {
        ThrowIfReadOnly();
        _disk.Delete(path);
    }

    public DateTimeOffset? Written(string path) => _disk.Written(path);

    public long? Length(string path) => _disk.Length(path);

    public IEnumerable<string> All(string directory) => _disk.All(directory);

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly)
            throw new IOException("Read-only file system", ReadOnly);
    }

    private sealed class LimitedStream(Stream inner, FaultyFiles disk) : Stream
    {
        public Stream Inner => inner;
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => inner.Length;
        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (disk.BytesLeft is { } left)
            {
                inner.Write(buffer, offset, (int)Math.Min(left, count));
                if (count > left)
                    throw new IOException("No space left on device", NoSpace);
                disk.BytesLeft = left - count;
            }
            else
            {
                inner.Write(buffer, offset, count);
            }
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
