namespace ComodCluster.Engine.Data.Import;

/// <summary>What a file is by the end of its name.</summary>
internal static class FileKinds
{
    private static readonly HashSet<string> Companions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt",
        ".csv",
        ".tsv",
        ".md",
        ".rst",
        ".rtf",
        ".pdf",
        ".doc",
        ".docx",
        ".xls",
        ".xlsx",
        ".json",
        ".jsonl",
        ".xml",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".html",
        ".htm",
        ".css",
        ".js",
        ".py",
        ".ipynb",
        ".m",
        ".sh",
        ".bat",
        ".log",
        ".mat",
        ".npy",
        ".npz",
        ".pkl",
        ".pickle",
        ".h5",
        ".db",
        ".sqlite",
        ".lnk",
        ".url",
        ".md5",
        ".sha256",
    };

    /// <summary>Whether it is text or data that stands beside images, such as labels or annotations.</summary>
    public static bool IsCompanion(string path) => Companions.Contains(Path.GetExtension(path));

    /// <summary>Whether its name says that it is an image.</summary>
    public static bool IsImage(string path) =>
        Path.GetExtension(path).ToUpperInvariant()
            is ".PNG"
                or ".JPG"
                or ".JPEG"
                or ".WEBP"
                or ".BMP"
                or ".GIF"
                or ".TIF"
                or ".TIFF"
                or ".HEIC"
                or ".HEIF"
                or ".AVIF";
}
