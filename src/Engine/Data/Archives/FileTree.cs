using ComodCluster.Engine.Data.Text;

namespace ComodCluster.Engine.Data.Archives;

/// <summary>
/// The files of an archive or a folder, by checked path; directories, ignored files and links are not among them.
/// </summary>
/// <param name="text">Makes names and lines of bytes.</param>
internal abstract class FileTree(TextDecoder text) : IDisposable
{
    /// <summary>Paths in ordinal order, unique.</summary>
    public abstract IReadOnlyList<string> Paths { get; }

    public TextDecoder Text => text;

    /// <summary>Files that are no images: those that systems add, which are not among <see cref="Paths"/>, and those
    /// that the reader of the layout adds.</summary>
    public NameSample Ignored { get; } = new();

    /// <summary>The bytes of one file, counted as they come against the limits of the archive.</summary>
    /// <exception cref="InputException"><c>archive-*</c>.</exception>
    public abstract Stream OpenFile(string path);

    public abstract void Dispose();

    /// <summary>One whole file.</summary>
    /// <param name="path">One of <see cref="Paths"/>.</param>
    /// <param name="maxBytes">Reading stops with null above so many.</param>
    public byte[]? Read(string path, long maxBytes)
    {
        using var stream = OpenFile(path);
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            if (bytes.Length + count > maxBytes)
                return null;
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }

    /// <summary>The checked path of a file or a directory; null for what systems add.</summary>
    protected string? Accept(string path, bool directory)
    {
        var accepted = TreePath.Accept(path);
        if (accepted is null && !directory)
            Ignored.Add(path);
        return accepted;
    }

    /// <summary>Sorts and rejects names that occur twice.</summary>
    protected static string[] Sorted(IEnumerable<string> paths)
    {
        string[] sorted = [.. paths];
        Array.Sort(sorted, StringComparer.Ordinal);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1])
                throw new InputException(
                    "archive-duplicate",
                    $"The archive has two entries named '{sorted[i].Shown()}'; keep one."
                );
        }
        return sorted;
    }

    protected static InputException Unreadable(string what, Exception? inner = null) =>
        new(
            "archive-unreadable",
            $"{what} is broken, cut off or of an unknown format; pack it again as .zip or .tar.gz and send it again.",
            inner
        );

    protected static InputException Link(string path) =>
        new("archive-symlink", $"'{path.Shown()}' is a link or a special file; replace it by the file itself.");
}
