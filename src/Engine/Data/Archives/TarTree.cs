using System.IO.Compression;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>
/// The files of a .tar or .tar.gz. They are spooled, one after the other, into a single unnamed temporary file: no path
/// of the archive is ever created.
/// </summary>
internal sealed class TarTree : FileTree
{
    private const int CopyBytes = 1 << 14;

    private readonly FileStream _spool;
    private readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);

    /// <param name="stream">Seekable; stays open.</param>
    /// <param name="gzip">Whether the tar is compressed.</param>
    /// <param name="spoolFolder">Where the temporary file goes; it is deleted on dispose.</param>
    /// <param name="limits">Limits of packed bytes, entries and unpacked bytes.</param>
    /// <param name="text">Makes names of bytes.</param>
    /// <param name="cancellationToken">Ends the unpacking.</param>
    public TarTree(
        Stream stream,
        bool gzip,
        string spoolFolder,
        ArchiveLimits limits,
        TextDecoder text,
        CancellationToken cancellationToken
    )
        : base(text)
    {
        if (stream.Length > limits.MaxPackedBytes)
            throw limits.TooLargePacked(stream.Length);
        stream.Position = 0;
        var name = Path.Combine(spoolFolder, $".spool-{Guid.NewGuid():N}");
        _spool = new FileStream(
            name,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );
        try
        {
            if (!OperatingSystem.IsWindows())
                File.Delete(name); // gone even after a hard kill
            Paths = Sorted(Spool(stream, gzip, limits, cancellationToken));
        }
        catch (Exception e)
        {
            _spool.Dispose();
            if (e is InvalidDataException or EndOfStreamException)
                throw Unreadable("The archive", e);
            throw;
        }
    }

    public override IReadOnlyList<string> Paths { get; }

    public override Stream OpenFile(string path)
    {
        var (offset, length) = _files[path];
        return new SpooledFile(_spool, offset, length);
    }

    public override void Dispose() => _spool.Dispose();

    private List<string> Spool(Stream stream, bool gzip, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        var budget = new UnpackBudget(limits, stream.Length);
        using Stream unpacked = gzip
            ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true)
            : new BufferedStream(stream);
        using var counted = new UnpackedBytes(unpacked, budget, "tar", stream.Length, length: null, crc: null);
        var headers = new TarHeaders(counted, Text);
        var paths = new List<string>();
        long names = 0;
        for (var entries = 1; headers.Next() is { } entry; entries++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entries > limits.MaxEntries)
                throw limits.TooManyEntries();
            if ((names += entry.Name.Length) > limits.MaxNameBytes)
                throw limits.TooManyNames();
            var name = entry.Name.TrimEnd('/');
            var root = entry.Kind == TarKind.Directory && name is "" or ".";
            var path = root ? null : Accept(name, entry.Kind == TarKind.Directory);
            if (entry.Kind == TarKind.Special && path is not null)
                throw Link(path);
            if (entry.Kind == TarKind.File && path is not null)
            {
                _files[path] = (_spool.Position, entry.Length);
                paths.Add(path);
                Copy(counted, _spool, entry.Length);
            }
            else
                Copy(counted, Stream.Null, entry.Length);
        }
        return paths;
    }

    private static void Copy(Stream from, Stream to, long length)
    {
        var buffer = new byte[CopyBytes];
        while (length > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(length, CopyBytes));
            from.ReadExactly(part);
            to.Write(part);
            length -= part.Length;
        }
    }

    /// <summary>A window on the spool; one at a time is read.</summary>
    private sealed class SpooledFile(FileStream spool, long offset, long length) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset1, int count)
        {
            spool.Position = offset + _read;
            var got = spool.Read(buffer, offset1, (int)Math.Min(count, length - _read));
            _read += got;
            return got;
        }

        public override void Flush() { }

        public override long Seek(long offset1, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset1, int count) => throw new NotSupportedException();
    }
}
