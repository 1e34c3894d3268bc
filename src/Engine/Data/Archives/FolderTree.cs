using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>The files of a folder on disk. Links are refused, so nothing outside the folder is read.</summary>
internal sealed class FolderTree : FileTree
{
    private readonly string _root;
    private readonly UnpackBudget _budget;

    /// <summary>Names on disk of the paths that differ from them.</summary>
    private readonly Dictionary<string, string> _onDisk = new(StringComparer.Ordinal);

    /// <exception cref="InputException"><c>folder-missing</c>, <c>archive-symlink</c>, <c>archive-too-large</c>,
    /// <c>text-encoding</c>.</exception>
    public FolderTree(string root, ArchiveLimits limits, TextDecoder text)
        : base(text)
    {
        _root = Path.GetFullPath(root);
        if (!Directory.Exists(_root))
            throw new InputException(
                "folder-missing",
                "The folder does not exist; give the path of a folder of images."
            );
        _budget = new UnpackBudget(limits, limits.MaxUnpackedBytes);
        var paths = new List<string>();
        List(new DirectoryInfo(_root), paths, limits);
        Paths = Sorted(paths);
    }

    public override IReadOnlyList<string> Paths { get; }

    public override Stream OpenFile(string path)
    {
        try
        {
            var name = Path.Combine(_root, _onDisk.GetValueOrDefault(path, path));
            if (new FileInfo(name).Length == 0)
                return Stream.Null; // a named pipe too, and opening one would wait for ever
            var file = File.OpenRead(name);
            return new UnpackedBytes(file, _budget, path, file.Length, length: null, crc: null);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new InputException(
                "archive-unreadable",
                $"The file '{path.Shown()}' cannot be opened; check its permissions.",
                e
            );
        }
    }

    public override void Dispose() { }

    private void List(DirectoryInfo folder, List<string> paths, ArchiveLimits limits)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var name = Path.GetRelativePath(_root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (Accept(Text.Checked(name, "a name"), entry is DirectoryInfo) is not { } path)
                continue;
            if (entry.LinkTarget is not null)
                throw Link(path);
            if (entry is DirectoryInfo inner)
            {
                List(inner, paths, limits);
                continue;
            }
            if (path != name)
                _onDisk[path] = name;
            paths.Add(path);
            if (paths.Count > limits.MaxEntries)
                throw limits.TooManyEntries();
        }
    }
}
