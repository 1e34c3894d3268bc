using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>
/// From the original archive of a CIFAR data set to class folders of PNG files, numbered within their class in the
/// order of the original.
/// </summary>
internal sealed class CifarConversion : IDisposable
{
    private const int Side = 32,
        PlaneBytes = Side * Side,
        PixelBytes = 3 * PlaneBytes;

    private readonly CifarSource _source;
    private readonly Dictionary<string, byte[]> _files;
    private readonly string[] _classes;
    private readonly string[]? _superclasses;
    private readonly SKBitmap _bitmap = new(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));

    /// <param name="original">The .tar.gz, its checksum verified. Held unpacked: 0.2 GB.</param>
    /// <exception cref="DataSourceException">dataset-layout: a file is missing.</exception>
    public CifarConversion(CifarSource source, Stream original)
    {
        _source = source;
        _files = Unpacked(original);
        _classes = Names(source.Classes);
        _superclasses = source.Superclasses is { } file ? Names(file) : null;
    }

    /// <param name="bySuperclass">Folders are superclasses and file names begin with the class; else folders are
    /// classes.</param>
    /// <returns>What the archive holds, in words.</returns>
    public string Write(ZipArchive zip, bool bySuperclass, CancellationToken cancellation)
    {
        var superclassOf = new int[_classes.Length];
        var train = _files
            .Keys.Where(name => name.StartsWith(_source.Train, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToArray();
        var trained = Split(zip, "train", train, bySuperclass, superclassOf, cancellation);
        var tested = Split(zip, "test", [_source.Test], bySuperclass, superclassOf, cancellation);
        if (_superclasses is null)
            return $"{trained} train and {tested} test images, {_classes.Length} classes";
        if (bySuperclass)
            return $"{trained} train and {tested} test images, {_superclasses.Length} superclasses of "
                + $"{_classes.Length} classes";
        ArchiveFile.Add(
            zip,
            "superclasses.tsv",
            Encoding.UTF8.GetBytes(
                string.Concat(_classes.Select((name, c) => $"{name}\t{_superclasses[superclassOf[c]]}\n"))
            )
        );
        return $"{trained} train and {tested} test images, {_classes.Length} classes in {_superclasses.Length} "
            + $"superclasses";
    }

    public void Dispose() => _bitmap.Dispose();

    private int Split(
        ZipArchive zip,
        string split,
        string[] files,
        bool bySuperclass,
        int[] superclassOf,
        CancellationToken cancellation
    )
    {
        var labelBytes = _superclasses is null ? 1 : 2;
        var counts = new int[_classes.Length];
        foreach (var file in files)
        {
            foreach (var record in File(file).Chunk(labelBytes + PixelBytes))
            {
                cancellation.ThrowIfCancellationRequested();
                var label = record[labelBytes - 1];
                if (_superclasses is not null)
                    superclassOf[label] = record[0];
                var folder = bySuperclass ? $"{_superclasses![record[0]]}/{_classes[label]}-" : $"{_classes[label]}/";
                ArchiveFile.Add(zip, $"{split}/{folder}{counts[label]++:0000}.png", Png(record.AsSpan(labelBytes)));
            }
        }
        return counts.Sum();
    }

    private byte[] Png(ReadOnlySpan<byte> planes)
    {
        var rgba = _bitmap.GetPixelSpan();
        for (var i = 0; i < PlaneBytes; i++)
            (rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2], rgba[4 * i + 3]) = (
                planes[i],
                planes[PlaneBytes + i],
                planes[2 * PlaneBytes + i],
                byte.MaxValue
            );
        using var pixels = _bitmap.PeekPixels();
        using var encoded =
            pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, zLibLevel: 6))
            ?? throw new InvalidOperationException($"A picture of {Side} x {Side} pixels could not be encoded.");
        return encoded.ToArray();
    }

    private string[] Names(string file) =>
        Encoding
            .UTF8.GetString(File(file))
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private byte[] File(string name) =>
        _files.GetValueOrDefault(name)
        ?? throw new DataSourceException(
            "dataset-layout",
            $"The file '{name}' is missing in the original of {_source.Title}: give its own archive with --from."
        );

    private static Dictionary<string, byte[]> Unpacked(Stream original)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var tar = new TarReader(new GZipStream(original, CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            var name = Path.GetFileName(entry.Name);
            if (entry.DataStream is not { } content || Path.GetExtension(name) is not (".bin" or ".txt"))
                continue;
            var bytes = new byte[entry.Length];
            content.ReadExactly(bytes);
            files[name] = bytes;
        }
        return files;
    }
}
