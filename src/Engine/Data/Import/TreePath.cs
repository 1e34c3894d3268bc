namespace ComodCluster.Engine.Data.Import;

/// <summary>Names of files inside an archive or folder: checked, with forward slashes.</summary>
internal static class TreePath
{
    /// <summary>The path without leading <c>./</c>.</summary>
    /// <exception cref="InputException"><c>archive-path</c>: absolute, climbing, with a drive letter, a backslash, a
    /// control character or an empty segment.</exception>
    public static string Checked(string path)
    {
        var name = path;
        while (name.StartsWith("./", StringComparison.Ordinal))
            name = name[2..];
        var drive = name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter(name[0]);
        if (
            name.Length == 0
            || name.Length > 1024
            || name[0] == '/'
            || drive
            || name.Contains('\\')
            || name.Any(char.IsControl)
            || name.Split('/').Any(s => s is "" or "." or "..")
        )
        {
            throw new InputException(
                "archive-path",
                $"The entry '{Shown(path)}' has a path that leaves the archive or is malformed; pack relative paths "
                    + $"with forward slashes only."
            );
        }
        return name;
    }

    /// <summary>Files that systems add by themselves and that are no part of a data set.</summary>
    public static bool Ignored(string path) =>
        path.Split('/').Any(s => s.StartsWith('.') || s is "__MACOSX" or "Thumbs.db" or "desktop.ini");

    /// <summary>A name as it may stand in a message: printable and short.</summary>
    public static string Shown(string path)
    {
        var clean = string.Concat(path.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return clean.Length <= 120 ? clean : clean[..117] + "...";
    }
}
