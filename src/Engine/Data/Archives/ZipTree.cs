using System.IO.Compression;
using System.Text;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>The files of a zip, read where they lie; nothing is unpacked to disk.</summary>
internal sealed class ZipTree : FileTree
{
    private const int FileTypeMask = 0xF000,
        RegularFile = 0x8000,
        Directory = 0x4000;

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly UnpackBudget _budget;

    /// <param name="stream">Seekable; stays open.</param>
    /// <param name="limits">Limits of packed bytes, entries and unpacked bytes.</param>
    /// <param name="text">Makes names of bytes.</param>
    public ZipTree(Stream stream, ArchiveLimits limits, TextDecoder text)
        : base(text)
    {
        if (stream.Length > limits.MaxPackedBytes)
            throw limits.TooLargePacked(stream.Length);
        var count = ZipDirectory.Count(stream, limits) ?? throw Unreadable("The archive");
        _budget = new UnpackBudget(limits, stream.Length);
        stream.Position = 0;
        try
        {
            _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true, Encoding.Latin1);
            var paths = new List<string>(count);
            if (_zip.Entries.Count != count)
                throw Unreadable("The archive");
            foreach (var (entry, record) in _zip.Entries.Zip(ZipDirectory.Records(stream)))
            {
                if (entry.FullName != (record.IsUtf8 ? Encoding.UTF8 : Encoding.Latin1).GetString(record.Name))
                    throw Unreadable("The archive");
                if (Accept(entry, record) is not { } path)
                    continue;
                paths.Add(path);
                _entries[path] = entry;
            }
            Paths = Sorted(paths);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException)
        {
            _zip?.Dispose();
            throw Unreadable("The archive", e);
        }
        catch
        {
            _zip?.Dispose();
            throw;
        }
    }

    public override IReadOnlyList<string> Paths { get; }

    public override Stream OpenFile(string path)
    {
        var entry = _entries[path];
        try
        {
            return new UnpackedBytes(entry.Open(), _budget, path, entry.CompressedLength, entry.Length, entry.Crc32);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw Unreadable($"The entry '{path.Shown()}'", e);
        }
    }

    public override void Dispose() => _zip.Dispose();

    private string? Accept(ZipArchiveEntry entry, ZipRecord record)
    {
        var name = record.Decode(Text);
        var directory = name.EndsWith('/');
        var path = Accept(directory ? name[..^1] : name, directory);
        if (
            record.HasUnixMode && (entry.ExternalAttributes >> 16 & FileTypeMask) is not (0 or RegularFile or Directory)
        )
            throw Link(name);
        if (directory || path is null)
            return null;
        if (entry.IsEncrypted)
            throw new InputException(
                "archive-encrypted",
                $"The entry '{path.Shown()}' is encrypted; pack the archive without a password."
            );
        return path;
    }
}
