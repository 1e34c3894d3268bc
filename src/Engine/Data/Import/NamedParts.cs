using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>The parts of a split as the user names their folders; other folders are left out.</summary>
internal static class NamedParts
{
    /// <param name="files">All files that may be images.</param>
    /// <param name="options">Names a folder for training at least.</param>
    /// <param name="ignored">Told the files that are left out.</param>
    /// <exception cref="InputException"><c>dataset-layout</c>: there is no such folder.</exception>
    public static IReadOnlyList<SplitFolder> Read(
        IReadOnlyList<FilePlace> files,
        ImportOptions options,
        NameSample ignored
    )
    {
        string[] folders = options.TestFolder is { } test ? [options.TrainFolder!, test] : [options.TrainFolder!];
        string[] tops = [.. folders.Select(f => f.Trim('/') + "/")];
        var shapes = folders.Select(f => new FolderShape(f)).ToArray();
        foreach (var file in files)
        {
            var part = Array.FindIndex(tops, t => file.Path.StartsWith(t, StringComparison.Ordinal));
            if (part >= 0)
                shapes[part].Add(file with { At = tops[part].Length });
            else
                ignored.Add(file.Path);
        }
        foreach (var shape in shapes)
            if (shape.Files.Count == 0)
                throw LabelFile.Layout(
                    $"There is no folder '{shape.Name.Shown()}' with images; name it by its whole path in the archive."
                );
        return
        [
            .. shapes.Select(
                (s, i) =>
                    new SplitFolder(s.Name, i == 0 ? DatasetSplit.Train : DatasetSplit.Test, SplitFolders.Labelled(s))
            ),
        ];
    }
}
