using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>
/// A local copy of CelebA (Liu, Luo, Wang, Tang, ICCV 2015), as its authors pack it: <c>img_align_celeba</c> (a folder
/// or a zip), <c>list_attr_celeba.txt</c> (a line with the number of images, a line with the attributes' names, then
/// per image its name and 1 or -1 per attribute) and <c>list_eval_partition.txt</c> (per image its name and 0 train, 1
/// validation, 2 test). It is packed in the same layout, which a silo imports with an attribute for each name.
/// </summary>
internal sealed class CelebACopy : IDisposable
{
    private const string Attributes = "list_attr_celeba.txt",
        Partition = "list_eval_partition.txt";
    private static readonly string[] s_parts = ["train", "validation", "test"];

    private readonly CelebAImages _images;
    private readonly string _names;
    private readonly int _attributeCount;

    /// <summary>
    /// Per image its name, its line of attributes and its part, in the order of the attributes' file.
    /// </summary>
    private readonly List<(string Name, string Line, int Part)> _rows = [];

    /// <param name="from">Holds the three, or the authors' folders Anno, Eval and Img with them.</param>
    /// <exception cref="DataSourceException">dataset-layout: something is missing; dataset-labels: the files
    /// disagree.</exception>
    public CelebACopy(DirectoryInfo from)
    {
        var (attributes, partition, images) = (
            Find(from, Attributes, "Anno"),
            Find(from, Partition, "Eval"),
            CelebAImages.Find(from)
        );
        string[] missing =
        [
            .. new[] { (attributes, Attributes), (partition, Partition), (images, CelebAImages.Name) }
                .Where(one => one.Item1 is null)
                .Select(one => one.Item2),
        ];
        if (missing.Length > 0)
            throw new DataSourceException(
                "dataset-layout",
                $"{from.FullName} lacks {string.Join(" and ", missing)}: copy "
                    + $"{(missing.Length == 1 ? "it" : "them")} there from CelebA's own archives."
            );
        _images = CelebAImages.Open(images!);
        try
        {
            var lines = File.ReadAllLines(attributes!);
            if (
                lines.Length < 2
                || !int.TryParse(
                    lines[0],
                    NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture,
                    out var count
                )
            )
                throw Labels(
                    $"{Attributes} must begin with a line with the number of images and a line with the attributes' "
                        + $"names: restore the original file."
                );
            (_names, _attributeCount) = (lines[1], Words(lines[1]).Length);
            var listed = lines.Skip(2).Count(line => line.Length > 0);
            if (listed != count)
                throw Labels($"{Attributes} announces {count} images and lists {listed}: restore the original file.");
            var parts = Parts(File.ReadAllLines(partition!), count);
            if (_images.Count != count)
                throw Labels(
                    $"{Attributes} announces {count} images and {images} has {_images.Count}{FirstMissing(lines)}: "
                        + $"restore the original images."
                );
            Read(lines, parts);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <param name="limit">Images of each part, the first ones; null: all.</param>
    /// <returns>What the archive holds, in words.</returns>
    public string Write(ZipArchive zip, int? limit, CancellationToken cancellation)
    {
        var counts = new int[s_parts.Length];
        var kept = new List<(string Name, string Line, int Part)>();
        foreach (var row in _rows)
        {
            if (counts[row.Part] >= (limit ?? int.MaxValue))
                continue;
            counts[row.Part]++;
            kept.Add(row);
        }
        ArchiveFile.Add(
            zip,
            Attributes,
            Encoding.UTF8.GetBytes($"{kept.Count}\n{_names}\n{string.Concat(kept.Select(row => row.Line + "\n"))}")
        );
        ArchiveFile.Add(
            zip,
            Partition,
            Encoding.UTF8.GetBytes(string.Concat(kept.Select(row => $"{row.Name} {row.Part}\n")))
        );
        foreach (var (name, _, _) in kept)
        {
            cancellation.ThrowIfCancellationRequested();
            using var entry = ArchiveFile.Open(zip, $"{CelebAImages.Name}/{name}");
            _images.CopyTo(name, entry);
        }
        return $"{string.Join(", ", s_parts.Select((part, p) => $"{counts[p]} {part}"))} images, {_attributeCount} "
            + $"attributes";
    }

    public void Dispose() => _images.Dispose();

    private static string? Find(DirectoryInfo from, string file, string folder) =>
        new[] { Path.Combine(from.FullName, file), Path.Combine(from.FullName, folder, file) }.FirstOrDefault(
            File.Exists
        );

    private static Dictionary<string, int> Parts(string[] lines, int count)
    {
        var parts = new Dictionary<string, int>(lines.Length, StringComparer.Ordinal);
        for (var l = 0; l < lines.Length; l++)
        {
            if (lines[l].Length == 0)
                continue;
            if (
                Words(lines[l]) is not [var name, "0" or "1" or "2"]
                || !parts.TryAdd(name, lines[l].TrimEnd()[^1] - '0')
            )
                throw Labels(
                    $"Line {l + 1} of {Partition} is '{Shown(lines[l])}': each image needs one line with its name "
                        + $"and 0, 1 or 2, restore the original file."
                );
        }
        return parts.Count == count
            ? parts
            : throw Labels(
                $"{Attributes} announces {count} images and {Partition} lists {parts.Count}: restore the original "
                    + $"files."
            );
    }

    private void Read(string[] lines, Dictionary<string, int> parts)
    {
        for (var l = 2; l < lines.Length; l++)
        {
            if (lines[l].Length == 0)
                continue;
            var words = Words(lines[l]);
            if (words.Length != _attributeCount + 1 || words.Skip(1).Any(word => word is not ("1" or "-1")))
                throw Labels(
                    $"Line {l + 1} of {Attributes} is '{Shown(lines[l])}': it needs a name and {_attributeCount} "
                        + $"times 1 or -1, restore the original file."
                );
            if (!_images.Has(words[0]))
                throw Labels(
                    $"Line {l + 1} of {Attributes} names '{Shown(words[0])}', and there is no such image: restore "
                        + $"the original images."
                );
            // A part is taken once, so that an image listed twice is missed here.
            if (!parts.Remove(words[0], out var part))
                throw Labels(
                    $"Line {l + 1} of {Attributes} names '{Shown(words[0])}', which stands there twice or is not in "
                        + $"{Partition}: restore the original files."
                );
            _rows.Add((words[0], lines[l], part));
        }
    }

    private string FirstMissing(string[] lines)
    {
        var first = lines
            .Skip(2)
            .Select(line => Words(line).FirstOrDefault())
            .FirstOrDefault(name => name is not null && !_images.Has(name));
        return first is null ? "" : $", without '{Shown(first)}'";
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static string Shown(string text) => text.Length <= 60 ? text : text[..57] + "...";

    private static DataSourceException Labels(string sentence) => new("dataset-labels", sentence);
}
