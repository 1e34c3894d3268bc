using System.IO.Compression;
using ComodCluster.Cli.Commands;
using SkiaSharp;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>Twice as many classes from the user's images: each as it is, and upside down.</summary>
internal static class TurnedImages
{
    /// <summary>Images of each class at most.</summary>
    public const int Train = 300,
        Test = 100;

    private const string UpsideDown = "-upside-down";

    /// <returns>A zip of train/&lt;class&gt;/&lt;image&gt; and test/&lt;class&gt;/&lt;image&gt;, of the first classes
    /// in ordinal order.</returns>
    /// <exception cref="UsageException">The archive is not divided into train and test, has too few classes, or an
    /// image that cannot be read.</exception>
    public static byte[] Of(FileInfo data)
    {
        using var from = ZipFile.OpenRead(data.FullName);
        var folders = new ClassFolders(from);
        if (
            folders.Classes.Count < ImageTasks.Classes
            || folders.Classes.Any(name =>
                folders.Images("train", name).Count == 0 || folders.Images("test", name).Count == 0
            )
        )
            throw new UsageException(
                $"{data.Name} has too few classes: give a zip of train/<class>/<image> and test/<class>/<image> "
                    + $"with at least {ImageTasks.Classes} classes."
            );
        var stream = new MemoryStream();
        using (var to = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in folders.Classes.Take(ImageTasks.Classes))
            foreach (var (split, most) in new[] { ("train", Train), ("test", Test) })
            foreach (var entry in folders.Images(split, name).Take(most))
            {
                using var source = entry.Open();
                using var image =
                    SKBitmap.Decode(source)
                    ?? throw new UsageException($"{entry.FullName} in {data.Name} cannot be read as an image.");
                var file = Path.ChangeExtension(entry.Name, ".png");
                Add(to, $"{split}/{name}/{file}", image);
                using var turned = Turned(image);
                Add(to, $"{split}/{name}{UpsideDown}/{file}", turned);
            }
        }
        return stream.ToArray();
    }

    private static SKBitmap Turned(SKBitmap image)
    {
        var turned = new SKBitmap(image.Info);
        for (var y = 0; y < image.Height; y++)
        for (var x = 0; x < image.Width; x++)
            turned.SetPixel(image.Width - 1 - x, image.Height - 1 - y, image.GetPixel(x, y));
        return turned;
    }

    private static void Add(ZipArchive zip, string path, SKBitmap image)
    {
        using var target = zip.CreateEntry(path, CompressionLevel.NoCompression).Open();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        png.SaveTo(target);
    }
}
