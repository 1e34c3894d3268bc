using System.IO.Compression;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>The images of a local copy of CelebA by file name: those below a folder, or those of a zip.</summary>
internal sealed class CelebAImages : IDisposable
{
    public const string Name = "img_align_celeba";

    private readonly string _path;
    private readonly ZipArchive? _zip;
    private readonly Dictionary<string, Func<Stream>> _images = new(StringComparer.Ordinal);

    private CelebAImages(string path, ZipArchive? zip, IEnumerable<(string Name, Func<Stream> Open)> files)
    {
        (_path, _zip) = (path, zip);
        foreach (var (name, open) in files)
        {
            if (name.StartsWith('.') || Path.GetExtension(name).ToLowerInvariant() is not (".jpg" or ".png"))
                continue;
            if (!_images.TryAdd(name, open))
                throw new DataSourceException(
                    "dataset-layout",
                    $"{path} has two images named '{name}': keep one set of images."
                );
        }
    }

    public int Count => _images.Count;

    public static string? Find(DirectoryInfo from)
    {
        string[] places = [Path.Combine(from.FullName, Name), Path.Combine(from.FullName, "Img", Name)];
        return places.FirstOrDefault(Directory.Exists)
            ?? places.Select(place => place + ".zip").FirstOrDefault(File.Exists);
    }

    /// <param name="path">A folder or a zip.</param>
    /// <exception cref="DataSourceException">dataset-layout</exception>
    public static CelebAImages Open(string path)
    {
        if (Directory.Exists(path))
            return new(
                path,
                null,
                Directory
                    .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                    .Select(file => (Path.GetFileName(file), (Func<Stream>)(() => File.OpenRead(file))))
            );
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(path);
            return new(path, zip, zip.Entries.Select(entry => (entry.Name, (Func<Stream>)entry.Open)));
        }
        catch (InvalidDataException e)
        {
            zip?.Dispose();
            throw Damaged(path, e);
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    public bool Has(string name) => _images.ContainsKey(name);

    /// <exception cref="DataSourceException">dataset-layout: the zip is damaged.</exception>
    public void CopyTo(string name, Stream target)
    {
        using var image = _images[name]();
        try
        {
            image.CopyTo(target);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(_path, e);
        }
    }

    public void Dispose() => _zip?.Dispose();

    private static DataSourceException Damaged(string path, Exception cause) =>
        new("dataset-layout", $"{path} is no zip or a damaged one: restore the original file.", cause);
}
