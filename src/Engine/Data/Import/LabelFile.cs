using System.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>Small text files that come with a data set: names and labels.</summary>
internal static class LabelFile
{
    private const long MaxBytes = 256 << 20;

    /// <summary>The path of the only file of that name, in whatever folder, or null.</summary>
    /// <exception cref="InputException"><c>dataset-layout</c>: there are several.</exception>
    public static string? Find(FileTree tree, string name)
    {
        string[] found = [.. tree.Paths.Where(p => NameOf(p) == name).Take(2)];
        return found.Length < 2
            ? found.FirstOrDefault()
            : throw Layout($"There are two files named '{name}'; keep one data set per archive.");
    }

    /// <exception cref="InputException"><c>dataset-layout</c>: it is missing, or there are several.</exception>
    public static string Require(FileTree tree, string name) =>
        Find(tree, name) ?? throw Layout($"The file '{name}' is missing; add it from the data set's own archive.");

    /// <summary>Lines without empty ones, trimmed.</summary>
    public static string[] Lines(FileTree tree, string path)
    {
        var bytes =
            tree.Read(path, MaxBytes)
            ?? throw Layout($"'{TreePath.Shown(path)}' has more than {MaxBytes:N0} bytes; that is no label file.");
        return Encoding
            .UTF8.GetString(bytes)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>One name per line.</summary>
    public static string[] Names(FileTree tree, string path)
    {
        var names = Lines(tree, path);
        if (names.Length == 0 || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            throw Labels($"'{TreePath.Shown(path)}' must hold one different name per line; restore the original file.");
        return names;
    }

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static InputException Layout(string sentence) => new("dataset-layout", sentence);

    public static InputException Labels(string sentence) => new("dataset-labels", sentence);
}
