namespace ComodCluster.Cli.Commands.Files;

/// <summary>The files below a folder.</summary>
internal static class FolderFiles
{
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <returns>By name, ordinal, whatever the order on the disk is.</returns>
    /// <exception cref="FileException">A folder cannot be read.</exception>
    public static IReadOnlyList<UserFile> Of(DirectoryInfo folder)
    {
        var files = new List<UserFile>();
        Add(folder, "", files);
        files.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return files;
    }

    private static void Add(DirectoryInfo folder, string prefix, List<UserFile> files)
    {
        foreach (var entry in Entries(folder))
        {
            var name = prefix + entry.Name;
            if (name.Contains('\uFFFD'))
                files.Add(new(name, entry.FullName, 0, "has a name that is not UTF-8: rename it"));
            else if (entry is FileInfo file)
                files.Add(UserFile.Of(file, name));
            else if (entry.LinkTarget is not null)
                files.Add(new(name, entry.FullName, 0, "is a link to a folder: put the folder itself in its place"));
            else
                Add((DirectoryInfo)entry, name + '/', files);
        }
    }

    private static FileSystemInfo[] Entries(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFileSystemInfos("*", s_all);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"The folder {folder.FullName} cannot be read: give yourself the right to read it, or take it out.",
                e
            );
        }
    }
}
