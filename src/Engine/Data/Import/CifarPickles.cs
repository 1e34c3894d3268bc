using ComodCluster.Engine.Data.Archives;
using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// The Python versions of CIFAR-10 and CIFAR-100 (Krizhevsky, 2009), as they are mostly handed out: pickles of labels
/// and of an array with the pixels of each image in a row, plane after plane. They become records of the binary
/// version.
/// </summary>
internal static class CifarPickles
{
    private const int RowBytes = 3 * 32 * 32;
    private const long MaxFileBytes = 192 << 20;

    /// <summary>Whether the names of the files are those of such a data set.</summary>
    public static bool AreIn(FileTree tree) =>
        Names(tree).IsSupersetOf(["batches.meta", "data_batch_1"])
        || Names(tree).IsSupersetOf(["meta", "train", "test"]);

    /// <summary>Class names, and where there are two levels of labels those of the coarse one.</summary>
    /// <exception cref="InputException"><c>dataset-layout</c></exception>
    public static (string[] Fine, string[]? Coarse) Meta(FileTree tree)
    {
        var path = LabelFile.Find(tree, "batches.meta") ?? LabelFile.Require(tree, "meta");
        var meta = Values(tree, path);
        return meta.ContainsKey("label_names")
            ? (Texts(tree, path, meta, "label_names"), null)
            : (Texts(tree, path, meta, "fine_label_names"), Texts(tree, path, meta, "coarse_label_names"));
    }

    /// <summary>The records of a batch: of each image its labels, the coarse one first, then its pixels.</summary>
    /// <exception cref="InputException"><c>dataset-layout</c></exception>
    public static byte[] Records(FileTree tree, string path, int labelBytes)
    {
        var batch = Values(tree, path);
        var labels =
            labelBytes == 1
                ? [Labels(path, batch, "labels")]
                : new[] { Labels(path, batch, "coarse_labels"), Labels(path, batch, "fine_labels") };
        // numpy.ndarray.__setstate__: version, shape, type, order, bytes.
        if (
            batch.GetValueOrDefault("data") is not PickledCall { State: object?[] { Length: 5 } state }
            || state[4] is not Memory<byte> pixels
            || pixels.Length != (long)labels[0].Count * RowBytes
            || labels.Any(l => l.Count != labels[0].Count)
        )
            throw Broken(path);
        var columns = state[3] is true; // Fortran's order
        var records = new byte[labels[0].Count * (labelBytes + RowBytes)];
        for (var i = 0; i < labels[0].Count; i++)
        {
            var record = records.AsSpan(i * (labelBytes + RowBytes), labelBytes + RowBytes);
            for (var l = 0; l < labelBytes; l++)
                record[l] =
                    labels[l][i] is long label && label is >= 0 and <= byte.MaxValue ? (byte)label : throw Broken(path);
            for (var p = 0; p < RowBytes; p++)
                record[labelBytes + p] = pixels.Span[columns ? p * labels[0].Count + i : i * RowBytes + p];
        }
        return records;
    }

    private static HashSet<string> Names(FileTree tree) => [.. tree.Paths.Select(TreePath.NameOf)];

    private static List<object?> Labels(string path, Dictionary<string, object?> batch, string key) =>
        batch.GetValueOrDefault(key) as List<object?> ?? throw Broken(path);

    private static string[] Texts(FileTree tree, string path, Dictionary<string, object?> meta, string key)
    {
        var names = Labels(path, meta, key)
            .Select(n =>
                n switch
                {
                    Memory<byte> bytes => tree.Text.Decode(bytes.Span, $"a name in '{path.Shown()}'"),
                    string text => tree.Text.Checked(text, $"a name in '{path.Shown()}'"),
                    _ => throw Broken(path),
                }
            )
            .ToArray();
        return names.Length > 0 && names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? names
            : throw Broken(path);
    }

    private static Dictionary<string, object?> Values(FileTree tree, string path)
    {
        var bytes = tree.Read(path, MaxFileBytes) ?? throw Broken(path);
        try
        {
            return Pickle.Read(bytes) as Dictionary<string, object?> ?? throw Broken(path);
        }
        catch (InvalidDataException e)
        {
            throw Broken(path, e);
        }
    }

    private static InputException Broken(string path, Exception? cause = null) =>
        new(
            "dataset-layout",
            $"'{path.Shown()}' is no file of CIFAR's Python version, or a damaged one; send the original archive.",
            cause
        );
}
