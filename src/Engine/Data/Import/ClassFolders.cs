using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// <c>&lt;class&gt;/...</c> or <c>{train,test}/&lt;class&gt;/...</c>, below at most one common top folder. Classes and
/// images are in ordinal order of their names.
/// Beside the folders <see cref="SuperclassFile"/> may be.
/// </summary>
internal static class ClassFolders
{
    private const string Train = "train",
        Test = "test";

    public static DatasetLayout Read(FileTree tree, ImportOptions options)
    {
        var top = CommonTop(tree.Paths);
        var layout = Read(tree, top, options);
        return layout with { Superclasses = SuperclassFile.TryRead(tree, tree.Paths[0][..top], layout.Names) };
    }

    private static DatasetLayout Read(FileTree tree, int top, ImportOptions options)
    {
        var files = tree.Paths.Select(p => (Path: p, Parts: p[top..].Split('/'))).ToArray();
        var stray = files.FirstOrDefault(f => f.Parts.Length == 1 && IsImageName(f.Path));
        if (stray.Path is not null)
            throw Layout($"The image '{TreePath.Shown(stray.Path)}' lies outside any class folder; move it into one.");
        files = [.. files.Where(f => f.Parts.Length > 1)]; // a README beside the class folders is no image
        if (files.Length == 0)
            throw DatasetLayout.Empty();

        var folders = files.Select(f => f.Parts[0]).ToHashSet(StringComparer.Ordinal);
        if (!folders.Contains(Train) && !folders.Contains(Test))
            return HeldOut(tree, files, options);
        if (folders.Count > 2 || !folders.IsSubsetOf([Train, Test]))
        {
            if (files.All(f => f.Parts.Length == 2))
                return HeldOut(tree, files, options); // a class that is named train
            throw Layout(
                "There are other folders beside 'train' and 'test'; use these two only, with class folders in each."
            );
        }
        var flat = files.FirstOrDefault(f => f.Parts.Length == 2);
        if (flat.Path is not null)
            throw Layout($"The file '{TreePath.Shown(flat.Path)}' lies outside any class folder; move it into one.");
        if (!folders.Contains(Train))
            throw Layout("There is a folder 'test' but none named 'train'; add it, with the same class folders.");
        return folders.Count == 2
            ? Given(tree, files, options)
            : HeldOut(tree, [.. files.Select(f => (f.Path, f.Parts[1..]))], options);
    }

    /// <summary>
    /// Length of the one folder that everything lies in, with its slash, where class folders lie below it; else 0.
    /// </summary>
    private static int CommonTop(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
            return 0;
        var length = paths[0].IndexOf('/') + 1;
        if (length == 0)
            return 0;
        var top = paths[0][..length];
        if (top is Train + "/" or Test + "/" || !paths.All(p => p.StartsWith(top, StringComparison.Ordinal)))
            return 0;
        return paths.Any(p => p.IndexOf('/', length) >= 0) ? length : 0;
    }

    private static DatasetLayout Given(FileTree tree, (string Path, string[] Parts)[] files, ImportOptions options)
    {
        var classes = Classes(files.Select(f => f.Parts[1]));
        var images = files
            .Select(f =>
                (
                    f.Path,
                    Split: f.Parts[0] == Train ? DatasetSplit.Train : DatasetSplit.Test,
                    Label: Label(classes, f.Parts[1])
                )
            )
            .OrderBy(f => f.Split)
            .ThenBy(f => f.Label)
            .Select(f => Image(tree, f.Path, f.Split, f.Label, options));
        return new(DatasetKind.Classes, classes, null, [.. images]);
    }

    private static DatasetLayout HeldOut(FileTree tree, (string Path, string[] Parts)[] files, ImportOptions options)
    {
        var classes = Classes(files.Select(f => f.Parts[0]));
        var train = new List<SourceImage>();
        var test = new List<SourceImage>();
        foreach (var group in files.GroupBy(f => Label(classes, f.Parts[0])).OrderBy(g => g.Key))
        {
            var ofClass = group.ToArray();
            var held = Holdout.Choose(ofClass.Length, options, group.Key);
            for (var i = 0; i < ofClass.Length; i++)
            {
                var split = held.Contains(i) ? DatasetSplit.Test : DatasetSplit.Train;
                (held.Contains(i) ? test : train).Add(Image(tree, ofClass[i].Path, split, group.Key, options));
            }
        }
        return new(DatasetKind.Classes, classes, null, [.. train, .. test]);
    }

    private static SourceImage Image(
        FileTree tree,
        string path,
        DatasetSplit split,
        int label,
        ImportOptions options
    ) => new(path, split, [label], () => tree.Read(path, options.Image.MaxEncodedBytes));

    private static string[] Classes(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];

    private static int Label(string[] classes, string name) =>
        Array.BinarySearch(classes, name, StringComparer.Ordinal);

    private static bool IsImageName(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG" or ".WEBP" or ".BMP";

    private static InputException Layout(string sentence) => new("dataset-layout", sentence);
}
