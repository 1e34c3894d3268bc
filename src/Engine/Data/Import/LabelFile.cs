using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>Small text files that come with a data set: names and labels.</summary>
internal static class LabelFile
{
    /// <summary>The path of the only file of that name, in whatever folder, or null.</summary>
    /// <exception cref="InputException"><c>dataset-layout</c>: there are several.</exception>
    public static string? Find(FileTree tree, string name)
    {
        string[] found = [.. tree.Paths.Where(p => TreePath.NameOf(p) == name).Take(2)];
        return found.Length < 2
            ? found.FirstOrDefault()
            : throw Layout($"There are two files named '{name}'; keep one data set per archive.");
    }

    /// <exception cref="InputException"><c>dataset-layout</c>: it is missing, or there are several.</exception>
    public static string Require(FileTree tree, string name) =>
        Find(tree, name) ?? throw Layout($"The file '{name}' is missing; add it from the data set's own archive.");

    /// <summary>Lines without empty ones, trimmed, read as they are asked for.</summary>
    /// <param name="max">More lines are refused.</param>
    public static IEnumerable<string> Lines(FileTree tree, string path, int max) =>
        new TextLines(tree.OpenFile(path), TreePath.NameOf(path), tree.Text, max, Labels);

    /// <summary>One name per line.</summary>
    public static string[] Names(FileTree tree, string path, int max)
    {
        string[] names = [.. Lines(tree, path, max)];
        if (names.Length == 0 || names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            throw Labels($"'{path.Shown()}' must hold one different name per line; restore the original file.");
        return names;
    }

    public static InputException Layout(string sentence) => new("dataset-layout", sentence);

    public static InputException Labels(string sentence) => new("dataset-labels", sentence);
}
