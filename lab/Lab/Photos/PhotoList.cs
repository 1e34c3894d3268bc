using System.IO.Compression;
using System.Security.Cryptography;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Data.Get;

namespace ComodCluster.Lab.Photos;

/// <summary>
/// The photos of a domain that are used, and their splits: those of a class in the order of their digests, so that
/// neither names nor file systems decide; first the ones to test on, then the ones to adapt from.
/// </summary>
internal sealed class PhotoList
{
    /// <summary>Larger files are passed over: mirrors of repositories leave them out.</summary>
    public const int MostBytes = 4 << 20;

    private readonly IReadOnlyList<(string Path, FileInfo File)> _photos;

    private PhotoList(IReadOnlyList<(string, FileInfo)> photos) => _photos = photos;

    /// <summary>Digest of the names in the archive, which are the photos' own digests.</summary>
    public string Digest => Digests.Of(_photos.Select(photo => photo.Path));

    /// <param name="clone">The repository's files.</param>
    /// <exception cref="UsageException">A class has too few photos there.</exception>
    public static PhotoList Of(PhotoDomain domain, DirectoryInfo clone)
    {
        var classes = domain
            .Classes.Select(photoClass => (photoClass.Name, Files: Files(domain, photoClass, clone)))
            .ToArray();
        // What stands in two classes belongs to none of them.
        var twice = classes
            .SelectMany(photoClass => photoClass.Files.Keys)
            .CountBy(digest => digest)
            .Where(count => count.Value > 1)
            .Select(count => count.Key)
            .ToHashSet();
        var photos = new List<(string, FileInfo)>();
        foreach (var (name, files) in classes)
        {
            var own = files.Where(file => !twice.Contains(file.Key)).ToArray();
            if (own.Length < domain.Train + domain.Test)
                throw new UsageException(
                    $"{clone.FullName} has {own.Length} photos of '{name}' and {domain.Train + domain.Test} are "
                        + $"needed: {CheckOut(domain)}."
                );
            photos.AddRange(
                own.Take(domain.Train + domain.Test)
                    .Select(
                        (file, i) =>
                            (
                                $"{(i < domain.Test ? "test" : "train")}/{name}/{file.Key}"
                                    + file.Value.Extension.ToLowerInvariant(),
                                file.Value
                            )
                    )
            );
        }
        return new(photos);
    }

    /// <summary>What a user does to have the files of the recipe.</summary>
    public static string CheckOut(PhotoDomain domain) =>
        $"clone https://github.com/{domain.Repository} and check out {domain.Commit}";

    public void Write(ZipArchive zip, CancellationToken cancellation)
    {
        foreach (var (path, file) in _photos)
        {
            cancellation.ThrowIfCancellationRequested();
            using var source = file.OpenRead();
            using var entry = ArchiveFile.Open(zip, path);
            source.CopyTo(entry);
        }
    }

    /// <summary>By digest and in the order of it: a photo that is there twice is taken once.</summary>
    private static SortedDictionary<string, FileInfo> Files(
        PhotoDomain domain,
        PhotoClass photoClass,
        DirectoryInfo clone
    )
    {
        var files = new SortedDictionary<string, FileInfo>(StringComparer.Ordinal);
        foreach (var prefix in photoClass.Prefixes)
        {
            var folder = new DirectoryInfo(Path.Combine(clone.FullName, Path.GetDirectoryName(prefix) ?? ""));
            foreach (var file in folder.Exists ? folder.EnumerateFiles() : [])
                if (
                    file.Name.StartsWith(Path.GetFileName(prefix), StringComparison.Ordinal)
                    && file.Length < MostBytes
                    && domain.Endings.Contains(file.Extension.ToLowerInvariant())
                )
                    files[Hash(file)] = file;
        }
        return files;
    }

    private static string Hash(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
