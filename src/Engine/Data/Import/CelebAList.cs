using System.Globalization;
using ComodCluster.Engine.Data.Archives;

namespace ComodCluster.Engine.Data.Import;

/// <summary>
/// A list of CelebA. As .txt, its authors' form: words between blanks, and in the list of attributes a line with the
/// number of images and one with the attributes' names. As .csv, Kaggle's form: words between commas, and a line with
/// the names of the columns.
/// </summary>
/// <param name="Path">In the source.</param>
internal sealed record CelebAList(string Path)
{
    private const string Text = ".txt",
        Csv = ".csv";

    public string Name => TreePath.NameOf(Path);

    public string Extension => System.IO.Path.GetExtension(Path);

    private bool IsCsv => Extension == Csv;

    public static CelebAList? Find(FileTree tree, string name) =>
        (LabelFile.Find(tree, name + Text) ?? LabelFile.Find(tree, name + Csv)) is { } path ? new(path) : null;

    /// <exception cref="InputException"><c>dataset-layout</c>: it is missing.</exception>
    public static CelebAList Require(FileTree tree, string name, string extension) =>
        Find(tree, name) ?? new(LabelFile.Require(tree, name + extension));

    public static bool IsList(string file, string name) => file == name + Text || file == name + Csv;

    /// <summary>Names of the attributes.</summary>
    /// <param name="images">How many images there are, which the .txt announces.</param>
    /// <exception cref="InputException"><c>dataset-labels</c>, <c>dataset-too-many-classes</c>.</exception>
    public IReadOnlyList<string> Header(FileTree tree, int images, ImportOptions options)
    {
        string[] lines = [.. LabelFile.Lines(tree, Path, max: 2).Take(2)];
        if (lines.Length < 2)
            throw Broken();
        if (!IsCsv && !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw Broken();
        if (!IsCsv && int.Parse(lines[0], CultureInfo.InvariantCulture) != images)
            throw LabelFile.Labels(
                $"'{Name}' announces {lines[0]} images and there are {images}; add the missing or remove the others."
            );
        var names = IsCsv ? Words(lines[0])[1..] : Words(lines[1]);
        DatasetLayout.CheckAttributes(names.Length, options);
        if (names.Length == 0)
            throw Broken();
        return names.Distinct(StringComparer.Ordinal).Count() == names.Length
            ? names
            : throw LabelFile.Labels($"'{Name}' names an attribute twice; restore the original file.");
    }

    /// <summary>The words of each image's line, the first of them its name.</summary>
    /// <param name="images">More lines are refused.</param>
    public IEnumerable<string[]> Rows(FileTree tree, int images)
    {
        var header =
            IsCsv ? 1
            : Name.Contains("attr", StringComparison.Ordinal) ? 2
            : 0;
        return LabelFile.Lines(tree, Path, images + header).Skip(header).Select(Words);
    }

    private string[] Words(string line) =>
        IsCsv
            ? line.Split(',', StringSplitOptions.TrimEntries)
            : line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private InputException Broken() =>
        LabelFile.Labels(
            IsCsv
                ? $"'{Name}' must begin with a line with the names of the columns; restore the original file."
                : $"'{Name}' must begin with a line with the number of images and a line with the attributes' names; "
                    + $"restore the original file."
        );
}
