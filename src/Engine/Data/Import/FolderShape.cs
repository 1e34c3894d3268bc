namespace ComodCluster.Engine.Data.Import;

/// <summary>What lies in a folder.</summary>
internal sealed class FolderShape(string name)
{
    public string Name => name;

    public List<FilePlace> Files { get; } = [];

    /// <summary>Names of the folders in it that have files.</summary>
    public HashSet<string> Folders { get; } = new(StringComparer.Ordinal);

    /// <summary>The first file that lies in none of its folders.</summary>
    public FilePlace? Direct { get; private set; }

    public SplitPart? Part => SplitNames.Of(name);

    /// <summary>Folders by their names, in order, of files that do not lie beside them.</summary>
    public static FolderShape[] Of(IEnumerable<FilePlace> files)
    {
        var shapes = new SortedDictionary<string, FolderShape>(StringComparer.Ordinal);
        foreach (var file in files.Where(f => !f.IsDirect))
        {
            var name = file.Folder;
            if (!shapes.TryGetValue(name, out var shape))
                shapes[name] = shape = new(name);
            shape.Add(file.Below);
        }
        return [.. shapes.Values];
    }

    public void Add(FilePlace file)
    {
        Files.Add(file);
        if (file.IsDirect)
            Direct ??= file;
        else
            Folders.Add(file.Folder);
    }
}
