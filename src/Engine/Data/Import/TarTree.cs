using System.Formats.Tar;
using System.IO.Compression;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// The files of a .tar or .tar.gz. They are spooled, one after the other, into a single unnamed temporary file: no path
/// of the archive is ever created.
/// </summary>
internal sealed class TarTree : FileTree
{
    private readonly FileStream _spool;
    private readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);

    /// <param name="stream">Seekable; stays open.</param>
    /// <param name="gzip">Whether the tar is compressed.</param>
    /// <param name="spoolFolder">Where the temporary file goes; it is deleted on dispose.</param>
    /// <param name="limits">Limits of packed bytes, entries and unpacked bytes.</param>
    /// <param name="cancellationToken">Ends the unpacking.</param>
    public TarTree(
        Stream stream,
        bool gzip,
        string spoolFolder,
        ArchiveLimits limits,
        CancellationToken cancellationToken
    )
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
            if (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
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
        using var tar = new TarReader(counted, leaveOpen: true);
        var paths = new List<string>();
        var entries = 0;
        while (tar.GetNextEntry() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++entries > limits.MaxEntries)
                throw limits.TooManyEntries();
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
                continue;
            var name = entry.Name.TrimEnd('/');
            if (entry.EntryType == TarEntryType.Directory && name is "" or ".")
                continue;
            var path = TreePath.Checked(name);
            if (entry.EntryType == TarEntryType.Directory)
                continue;
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw Link(path);
            if (TreePath.Ignored(path))
                continue;
            var offset = _spool.Position;
            entry.DataStream?.CopyTo(_spool);
            paths.Add(path);
            _files[path] = (offset, _spool.Position - offset);
        }
        return paths;
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
