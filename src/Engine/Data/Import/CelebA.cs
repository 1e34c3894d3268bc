using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// CelebA's layout (Liu, Luo, Wang, Tang, ICCV 2015): images in any one folder, <c>list_attr_celeba</c> (per image its
/// name and -1 or 1 per attribute) and <c>list_eval_partition</c> (per image its name and 0 train, 1 validation, 2
/// test), as .txt (<see cref="CelebAList"/>) or .csv. Validation images are used for training.
/// </summary>
internal static class CelebA
{
    private const string Attributes = "list_attr_celeba",
        Partition = "list_eval_partition";

    /// <returns>Null where the tree is no such data set.</returns>
    public static DatasetLayout? TryRead(FileTree tree, ImportOptions options)
    {
        if (CelebAList.Find(tree, Attributes) is not { } attributes)
            return null;
        var paths = Images(tree);
        var names = attributes.Header(tree, paths.Count, options);
        var partition = CelebAList.Require(tree, Partition, attributes.Extension);
        var splits = Splits(partition, tree, paths.Count);
        if (splits.Count != paths.Count)
            throw LabelFile.Labels(
                $"'{partition.Name}' lists {splits.Count:N0} images and there are {paths.Count:N0}; add the missing or "
                    + $"remove the others."
            );

        var seen = new HashSet<string>(paths.Count, StringComparer.Ordinal);
        var images = attributes.Rows(tree, paths.Count).Select(Image).OrderBy(i => i.Split).ToArray();
        if (images.Length != paths.Count)
            throw LabelFile.Labels(
                $"'{attributes.Name}' lists {images.Length:N0} images and there are {paths.Count:N0}; restore the "
                    + $"original file."
            );
        return new(
            DatasetKind.Attributes,
            names,
            null,
            images,
            new()
            {
                Layout = SourceLayout.CelebA,
                Ignored = tree.Ignored,
                Notes = ["Validation images are used for training."],
            }
        );

        SourceImage Image(string[] words)
        {
            var name = words[0];
            if (!seen.Add(name))
                throw LabelFile.Labels($"'{attributes.Name}' lists '{name.Shown()}' twice; restore the original file.");
            if (!paths.TryGetValue(name, out var path))
                throw LabelFile.Labels($"'{attributes.Name}' lists '{name.Shown()}', which is not there; add it.");
            if (!splits.TryGetValue(name, out var split))
                throw LabelFile.Labels(
                    $"'{partition.Name}' does not list '{name.Shown()}'; restore the original file."
                );
            if (words.Length != names.Count + 1)
                throw LabelFile.Labels(
                    $"'{name.Shown()}' has {words.Length - 1} labels and there are {names.Count} attributes; restore "
                        + $"'{attributes.Name}'."
                );
            var labels = new int[names.Count];
            for (var a = 0; a < labels.Length; a++)
            {
                labels[a] = words[a + 1] switch
                {
                    "1" => 1,
                    "-1" => 0,
                    var other => throw LabelFile.Labels(
                        $"'{name.Shown()}' has the label '{other.Shown()}'; only 1 and -1 are possible."
                    ),
                };
            }
            return new(path, split, labels, () => tree.Read(path, options.Image.MaxEncodedBytes));
        }
    }

    private static Dictionary<string, DatasetSplit> Splits(CelebAList partition, FileTree tree, int images)
    {
        var splits = new Dictionary<string, DatasetSplit>(images, StringComparer.Ordinal);
        foreach (var words in partition.Rows(tree, images))
        {
            DatasetSplit? split = words switch
            {
                [_, "0" or "1"] => DatasetSplit.Train,
                [_, "2"] => DatasetSplit.Test,
                _ => null,
            };
            if (split is not { } s || !splits.TryAdd(words[0], s))
                throw LabelFile.Labels(
                    $"'{partition.Name}' has the line '{string.Join(' ', words).Shown()}'; each image needs one line "
                        + $"with its name and 0, 1 or 2."
                );
        }
        return splits;
    }

    /// <summary>Paths by file name: everything that is no text file.</summary>
    private static Dictionary<string, string> Images(FileTree tree)
    {
        var paths = new Dictionary<string, string>(tree.Paths.Count, StringComparer.Ordinal);
        foreach (var path in tree.Paths)
        {
            var name = TreePath.NameOf(path);
            if (FileKinds.IsCompanion(path))
            {
                if (!CelebAList.IsList(name, Attributes) && !CelebAList.IsList(name, Partition))
                    tree.Ignored.Add(path);
                continue;
            }
            if (!paths.TryAdd(name, path))
                throw LabelFile.Layout($"There are two images named '{name.Shown()}'; keep one set of images.");
        }
        return paths;
    }
}
