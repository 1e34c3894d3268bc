using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary><c>superclasses.tsv</c>: per line the name of a class, a tab and the name of its superclass.</summary>
internal static class SuperclassFile
{
    public const string Name = "superclasses.tsv";

    /// <param name="folder">Where it may be, with its slash; empty for the root.</param>
    /// <returns>Per class its superclass; null where there is no such file.</returns>
    /// <exception cref="InputException"><c>dataset-labels</c></exception>
    public static string[]? TryRead(FileTree tree, string folder, IReadOnlyList<string> classes)
    {
        if (!tree.Paths.Contains(folder + Name))
            return null;
        var superclasses = new Dictionary<string, string>(StringComparer.Ordinal);
        var known = classes.ToHashSet(StringComparer.Ordinal);
        foreach (var line in LabelFile.Lines(tree, folder + Name, classes.Count + 1))
        {
            if (
                line.Split('\t') is not [var name, { Length: > 0 } superclass]
                || !known.Contains(name)
                || !superclasses.TryAdd(name, superclass)
            )
                throw LabelFile.Labels(
                    $"'{Name}' has the line '{line.Shown()}'; each class folder needs one line with its "
                        + $"name, a tab and its superclass."
                );
        }
        return
        [
            .. classes.Select(name =>
                superclasses.GetValueOrDefault(name)
                ?? throw LabelFile.Labels(
                    $"'{Name}' does not name the class '{name.Shown()}'; each class folder needs one line "
                        + $"with its name, a tab and its superclass."
                )
            ),
        ];
    }
}
