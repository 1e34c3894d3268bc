using ComodCluster.Engine.Data.Clutter;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Data.Scenes;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>Data sets that need no download: cluttered scenes, resized to what a network takes.</summary>
internal static class Pictures
{
    private const int Station = 4;
    private static readonly SceneObjects Objects = new(seed: 0);

    public static IReadOnlyList<string> Classes => Objects.Classes;

    /// <summary>Scenes of 48 px.</summary>
    /// <param name="images">Images of the train split; there is no test split.</param>
    public static ClutterCanvases Canvases(int images, params IReadOnlyList<string> classes) =>
        new(new ClutterSpec(classes.Count > 0 ? classes : Classes, Station, images, 0, 1), Objects);

    public static DatasetPack Small(int images, params IReadOnlyList<string> classes)
    {
        var stream = new MemoryStream();
        Canvases(images, classes).WritePack(stream);
        return Open(stream);
    }

    /// <summary>
    /// Scenes as PNG files of another side; labels go round the names, whatever the scene shows, where there are more
    /// names than scenes know.
    /// </summary>
    /// <param name="side">Pixels.</param>
    public static DatasetPack Of(int images, int side, params IReadOnlyList<string> names)
    {
        var known = names.All(Classes.Contains);
        var canvases = Canvases(images, known ? names : Classes);
        var encoded = new byte[images][];
        Parallel.For(
            0,
            images,
            i =>
            {
                var canvas = canvases.Canvas(DatasetSplit.Train, i);
                encoded[i] = ImageDecoder.EncodePng(
                    side == canvas.Width ? canvas : ImageResize.Resize(canvas, side, side)
                );
            }
        );
        var stream = new MemoryStream();
        using (var writer = new DatasetPackWriter(stream, DatasetKind.Classes, names))
        {
            for (var i = 0; i < images; i++)
                writer.Add(
                    encoded[i],
                    side,
                    side,
                    DatasetSplit.Train,
                    [known ? canvases.Label(DatasetSplit.Train, i) : i % names.Count]
                );
            writer.Complete("benchmark");
        }
        return Open(stream);
    }

    /// <summary>
    /// Scenes of another side as an archive to upload, a folder for each class; <c>Encoded</c> gives the same files.
    /// </summary>
    public static void WriteZip(string path, int images, int side)
    {
        using var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create);
        var canvases = Canvases(images);
        foreach (var (i, png) in Encoded(images, side).Index())
        {
            using var entry = zip.CreateEntry(
                    $"{Classes[canvases.Label(DatasetSplit.Train, i)]}/{i:0000}.png",
                    System.IO.Compression.CompressionLevel.NoCompression
                )
                .Open();
            entry.Write(png);
        }
    }

    /// <summary>Scenes as PNG files of a side in pixels.</summary>
    public static byte[][] Encoded(int images, int side)
    {
        var (canvases, encoded) = (Canvases(images), new byte[images][]);
        Parallel.For(
            0,
            images,
            i =>
            {
                var canvas = canvases.Canvas(DatasetSplit.Train, i);
                encoded[i] = ImageDecoder.EncodePng(
                    side == canvas.Width ? canvas : ImageResize.Resize(canvas, side, side)
                );
            }
        );
        return encoded;
    }

    private static DatasetPack Open(MemoryStream stream)
    {
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }
}
