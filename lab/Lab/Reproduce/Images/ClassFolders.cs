using System.IO.Compression;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// The images of an archive of train/&lt;class&gt;/&lt;image&gt; and test/&lt;class&gt;/&lt;image&gt;; other files are
/// passed over.
/// </summary>
internal sealed class ClassFolders(ZipArchive archive)
{
    private readonly ILookup<(string Split, string Class), ZipArchiveEntry> _files = archive
        .Entries.Select(entry => (Entry: entry, Parts: entry.FullName.Split('/')))
        .Where(file => file.Parts is ["train" or "test", _, { Length: > 0 }])
        .ToLookup(file => (file.Parts[0], file.Parts[1]), file => file.Entry);

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> Classes =>
        field ??= [.. _files.Select(group => group.Key.Class).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<ZipArchiveEntry> Images(string split, string name) =>
        [.. _files[(split, name)].OrderBy(entry => entry.FullName, StringComparer.Ordinal)];
}
