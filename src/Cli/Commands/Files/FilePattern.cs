using System.IO.Enumeration;

namespace ComodCluster.Cli.Commands.Files;

/// <summary>
/// A path with <c>*</c> or <c>?</c> that no shell has expanded: in quotes, or on Windows. As in a shell, neither stands
/// for a slash or for the dot of a hidden name.
/// </summary>
/// <param name="Root">The folder before the first part with a wildcard.</param>
internal sealed record FilePattern(DirectoryInfo Root, IReadOnlyList<string> Parts)
{
    /// <summary>Null where the text has no wildcard.</summary>
    public static FilePattern? Of(string text)
    {
        var parts = text.Replace(Path.DirectorySeparatorChar, '/').Split('/');
        var first = Array.FindIndex(parts, part => part.AsSpan().ContainsAny('*', '?'));
        if (first < 0)
            return null;
        var root = string.Join('/', parts[..first]);
        return new(
            new DirectoryInfo(
                root.Length > 0 ? root
                : first > 0 ? "/"
                : "."
            ),
            parts[first..]
        );
    }

    /// <summary>
    /// The files that match, and those of folders that match, by name; names are relative to the root.
    /// </summary>
    public IReadOnlyList<UserFile> Files()
    {
        if (!Root.Exists)
            return [];
        IEnumerable<(FileSystemInfo Entry, string Name)> found = [(Root, "")];
        foreach (var part in Parts.Where(part => part.Length > 0))
            found = found.SelectMany(one => Inside(one.Entry, one.Name, part));
        return
        [
            .. found
                .SelectMany(one =>
                    one.Entry is FileInfo file
                        ? [UserFile.Of(file, one.Name)]
                        : FolderFiles
                            .Of((DirectoryInfo)one.Entry)
                            .Select(inner => inner with { Name = $"{one.Name}/{inner.Name}" })
                )
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<(FileSystemInfo, string)> Inside(FileSystemInfo entry, string name, string part) =>
        entry is DirectoryInfo folder
            ? folder
                .EnumerateFileSystemInfos()
                .Where(inner =>
                    FileSystemName.MatchesSimpleExpression(part, inner.Name, OperatingSystem.IsWindows())
                    && (part[0] == '.' || inner.Name[0] != '.')
                )
                .Select(inner => (inner, name.Length == 0 ? inner.Name : $"{name}/{inner.Name}"))
            : [];
}
