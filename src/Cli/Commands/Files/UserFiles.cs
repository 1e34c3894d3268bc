namespace ComodCluster.Cli.Commands.Files;

/// <summary>The files that words of a command line name.</summary>
internal static class UserFiles
{
    private static readonly string[] s_ofSystems = ["Thumbs.db", "desktop.ini"];

    /// <summary>
    /// What is wrong with a word that must name a file, a folder with files, a pattern that finds some or standard
    /// input; null where nothing is.
    /// </summary>
    public static string? FaultOf(string word) =>
        word == UserFile.StandardInput || Path.Exists(word) ? null
        : FilePattern.Of(word) is not { } pattern ? $"There is no file or folder {word}: check the path."
        : pattern.Files().Count == 0 ? $"There is no file that matches {word}: check the pattern."
        : null;

    /// <summary>
    /// The files in the order of the words; of a folder all but hidden ones and those that systems leave there.
    /// </summary>
    /// <exception cref="FileException">A folder cannot be read.</exception>
    public static IReadOnlyList<UserFile> Of(IEnumerable<string> words) => [.. words.SelectMany(Of)];

    private static IEnumerable<UserFile> Of(string word)
    {
        if (word == UserFile.StandardInput)
            return [new(word, word, 0)];
        if (Directory.Exists(word))
            return Named(Path.TrimEndingDirectorySeparator(word), FolderFiles.Of(new(word)));
        if (!Path.Exists(word) && FilePattern.Of(word) is { } pattern)
            return Named(pattern.Root.ToString(), pattern.Files());
        var file = new FileInfo(word);
        return [file.LinkTarget is null ? UserFile.Of(file, word) : new(word, file.FullName, file.Length)];
    }

    private static IEnumerable<UserFile> Named(string folder, IEnumerable<UserFile> files) =>
        from file in files
        let parts = file.Name.Split('/')
        where !parts.Any(part => part[0] == '.') && !s_ofSystems.Contains(parts[^1], StringComparer.OrdinalIgnoreCase)
        select folder == "." ? file : file with { Name = $"{folder.TrimEnd('/')}/{file.Name}" };
}
