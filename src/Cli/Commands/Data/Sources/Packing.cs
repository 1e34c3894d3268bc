using System.Buffers;
using System.IO.Compression;
using System.Text;
using ComodCluster.Cli.Commands.Files;

namespace ComodCluster.Cli.Commands.Data.Sources;

/// <summary>Packs files into a zip whose bytes depend on their names and content alone.</summary>
internal static class Packing
{
    private const int Chunk = 1 << 17;
    private static readonly DateTimeOffset s_written = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="files">In the order of the archive.</param>
    /// <exception cref="FileException">There is no file, one cannot be taken or read, or it changed.</exception>
    public static async Task Write(IReadOnlyList<UserFile> files, Stream target, CancellationToken cancellation)
    {
        // An empty hidden file keeps a folder in a repository and says nothing of images.
        var packed = files.Where(file => file.Bytes > 0 || !IsHidden(file)).ToArray();
        if (packed.Length == 0)
            throw new FileException("There is no file to upload: give a folder of class folders with images.");
        var faults = packed.Where(file => file.Fault is not null).ToArray();
        if (faults.Length > 0)
            throw new FileException(
                $"{faults[0].Name} {faults[0].Fault}"
                    + $"{(faults.Length > 1 ? $"; {faults.Length - 1} more files cannot be taken" : "")}."
            );
        await using var zip = await ZipArchive.CreateAsync(
            target,
            ZipArchiveMode.Create,
            leaveOpen: true,
            Encoding.UTF8,
            cancellation
        );
        foreach (var file in packed)
        {
            // As they are: images are compressed already.
            var entry = zip.CreateEntry(file.Name, CompressionLevel.NoCompression);
            entry.LastWriteTime = s_written;
            await using var content = await entry.OpenAsync(cancellation);
            await Copy(file, content, cancellation);
        }
    }

    private static bool IsHidden(UserFile file) => file.Name[file.Name.LastIndexOf('/') + 1] == '.';

    private static async Task Copy(UserFile file, Stream target, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            await using var source = file.Open();
            long total = 0;
            int read;
            while ((read = await file.Read(() => source.ReadAsync(buffer, cancellation))) > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
                total += read;
            }
            if (total != file.Bytes)
                throw new FileException(
                    $"{file.Name} changed while it was read: do the same again when nothing writes there."
                );
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
