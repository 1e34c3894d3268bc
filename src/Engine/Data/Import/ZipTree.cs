using System.IO.Compression;

namespace ComodCluster.Engine.Data.Import;

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
    public ZipTree(Stream stream, ArchiveLimits limits)
    {
        if (stream.Length > limits.MaxPackedBytes)
            throw limits.TooLargePacked(stream.Length);
        var count = ZipEntryCount.Count(stream, limits.MaxEntries) ?? throw Unreadable("The archive");
        if (count > limits.MaxEntries)
            throw limits.TooManyEntries();
        _budget = new UnpackBudget(limits, stream.Length);
        stream.Position = 0;
        try
        {
            _zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var paths = new List<string>(count);
            foreach (var entry in _zip.Entries)
            {
                if (Accept(entry) is not { } path)
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
            throw Unreadable($"The entry '{TreePath.Shown(path)}'", e);
        }
    }

    public override void Dispose() => _zip.Dispose();

    private static string? Accept(ZipArchiveEntry entry)
    {
        var directory = entry.FullName.EndsWith('/');
        var path = TreePath.Checked(directory ? entry.FullName[..^1] : entry.FullName);
        if ((entry.ExternalAttributes >> 16 & FileTypeMask) is not (0 or RegularFile or Directory))
            throw Link(entry.FullName);
        if (directory || TreePath.Ignored(path))
            return null;
        if (entry.IsEncrypted)
            throw new InputException(
                "archive-encrypted",
                $"The entry '{TreePath.Shown(path)}' is encrypted; pack the archive without a password."
            );
        return path;
    }
}
