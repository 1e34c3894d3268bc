using System.Globalization;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// CelebA's layout (Liu, Luo, Wang, Tang, ICCV 2015): images in any one folder, <c>list_attr_celeba.txt</c> (a line
/// with the count, a line with the attributes' names, then per image its name and -1 or 1 per attribute) and
/// <c>list_eval_partition.txt</c> (per image its name and 0 train, 1 validation, 2 test). Validation images are used
/// for training.
/// </summary>
internal static class CelebA
{
    private const string Attributes = "list_attr_celeba.txt",
        Partition = "list_eval_partition.txt";

    /// <returns>Null where the tree is no such data set.</returns>
    public static DatasetLayout? TryRead(FileTree tree, ImportOptions options)
    {
        if (LabelFile.Find(tree, Attributes) is not { } attributesPath)
            return null;
        var lines = LabelFile.Lines(tree, attributesPath);
        if (lines.Length < 2 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            throw LabelFile.Labels(
                $"'{Attributes}' must begin with a line with the number of images and a line with the attributes' "
                    + $"names; restore the original file."
            );
        var names = Words(lines[1]);
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            throw LabelFile.Labels($"'{Attributes}' names an attribute twice; restore the original file.");
        if (count != lines.Length - 2)
            throw LabelFile.Labels(
                $"'{Attributes}' announces {count:N0} images and lists {lines.Length - 2:N0}; restore the original "
                    + $"file."
            );

        var splits = Splits(LabelFile.Lines(tree, LabelFile.Require(tree, Partition)));
        if (splits.Count != count)
            throw LabelFile.Labels(
                $"'{Attributes}' lists {count:N0} images and '{Partition}' {splits.Count:N0}; restore the original "
                    + $"files."
            );
        var paths = Images(tree);
        if (paths.Count != count)
            throw LabelFile.Labels(
                $"'{Attributes}' lists {count:N0} images and there are {paths.Count:N0}; add the missing or remove "
                    + $"the others."
            );

        var seen = new HashSet<string>(count, StringComparer.Ordinal);
        var images = lines.Skip(2).Select(Image).OrderBy(i => i.Split).ToArray();
        return new(DatasetKind.Attributes, names, null, images);

        SourceImage Image(string line)
        {
            var words = Words(line);
            var name = words[0];
            if (!seen.Add(name))
                throw LabelFile.Labels(
                    $"'{Attributes}' lists '{TreePath.Shown(name)}' twice; restore the original file."
                );
            if (!paths.TryGetValue(name, out var path))
                throw LabelFile.Labels($"'{Attributes}' lists '{TreePath.Shown(name)}', which is not there; add it.");
            if (!splits.TryGetValue(name, out var split))
                throw LabelFile.Labels(
                    $"'{Partition}' does not list '{TreePath.Shown(name)}'; restore the original file."
                );
            if (words.Length != names.Length + 1)
                throw LabelFile.Labels(
                    $"'{TreePath.Shown(name)}' has {words.Length - 1} labels and there are {names.Length} "
                        + $"attributes; restore '{Attributes}'."
                );
            var labels = new int[names.Length];
            for (var a = 0; a < labels.Length; a++)
            {
                labels[a] = words[a + 1] switch
                {
                    "1" => 1,
                    "-1" => 0,
                    var other => throw LabelFile.Labels(
                        $"'{TreePath.Shown(name)}' has the label '{TreePath.Shown(other)}'; only 1 and -1 are possible."
                    ),
                };
            }
            return new(path, split, labels, () => tree.Read(path, options.Image.MaxEncodedBytes));
        }
    }

    private static Dictionary<string, DatasetSplit> Splits(string[] lines)
    {
        var splits = new Dictionary<string, DatasetSplit>(lines.Length, StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var words = Words(line);
            DatasetSplit? split =
                words.Length == 2
                    ? words[1] switch
                    {
                        "0" or "1" => DatasetSplit.Train,
                        "2" => DatasetSplit.Test,
                        _ => null,
                    }
                    : null;
            if (split is not { } s || !splits.TryAdd(words[0], s))
                throw LabelFile.Labels(
                    $"'{Partition}' has the line '{TreePath.Shown(line)}'; each image needs one line with its name "
                        + $"and 0, 1 or 2."
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
            var name = LabelFile.NameOf(path);
            if (
                name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".md", StringComparison.OrdinalIgnoreCase)
            )
                continue;
            if (!paths.TryAdd(name, path))
                throw LabelFile.Layout($"There are two images named '{TreePath.Shown(name)}'; keep one set of images.");
        }
        return paths;
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
