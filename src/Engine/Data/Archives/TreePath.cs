using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>Names of files inside an archive or folder: checked, with forward slashes.</summary>
internal static class TreePath
{
    private const int MaxLength = 1024,
        MaxDepth = 32;

    /// <summary>What systems add by themselves, in any case; names that begin with a dot come to it.</summary>
    private static readonly HashSet<string> OfSystems = new(StringComparer.OrdinalIgnoreCase)
    {
        "__MACOSX",
        "Icon\r",
        "Network Trash Folder",
        "Temporary Items",
        "Thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        "$RECYCLE.BIN",
        "RECYCLER",
        "System Volume Information",
        "@eaDir",
        "@tmp",
        "@Recycle",
        "@Recently-Snapshot",
        "#recycle",
        "#snapshot",
        "lost+found",
        "__pycache__",
    };

    /// <summary>The path without leading <c>./</c>; null for what systems add and no data set has.</summary>
    /// <exception cref="InputException"><c>archive-path</c>: absolute, climbing, with a drive letter, a backslash, a
    /// control character or an empty segment; too long or too deep.</exception>
    public static string? Accept(string path)
    {
        var name = path;
        while (name.StartsWith("./", StringComparison.Ordinal))
            name = name[2..];
        if (name.Length > MaxLength)
            throw Malformed(path, $"a path of more than {MaxLength:N0} characters; shorten it");
        var segments = name.Split('/');
        var drive = name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter(name[0]);
        if (drive || segments.Any(s => s is "" or "." or ".."))
            throw Malformed(path, "a path that leaves the archive or is malformed; pack relative paths");
        if (segments.Length > MaxDepth)
            throw Malformed(path, $"more than {MaxDepth} folders above it; pack it with fewer");
        if (segments.Any(s => s[0] == '.' || OfSystems.Contains(s)))
            return null;
        if (name.Contains('\\'))
            throw Malformed(path, "a backslash in its path; pack paths with forward slashes");
        if (name.Any(char.IsControl))
            throw Malformed(path, "a control character in its path; rename it");
        return name;
    }

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static InputException Malformed(string path, string what) =>
        new("archive-path", $"The entry '{path.Shown()}' has {what}.");
}
