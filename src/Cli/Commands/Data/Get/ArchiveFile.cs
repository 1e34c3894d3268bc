using System.IO.Compression;
using ComodCluster.Cli.Commands.Downloads;
using ComodCluster.Cli.Commands.Files;

namespace ComodCluster.Cli.Commands.Data.Get;

/// <summary>
/// The archive that a command writes: whole or not at all, and with the same bytes for the same images, so that it is
/// not uploaded twice.
/// </summary>
internal sealed class ArchiveFile(FileInfo file, bool overwrite)
{
    private static readonly DateTimeOffset s_written = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Where a download waits until it is whole.</summary>
    public PartFile Part { get; } = new(file.FullName + ".part");

    /// <exception cref="UsageException">There is such a file.</exception>
    public void RefuseToOverwrite()
    {
        if (file.Exists && !overwrite)
            throw new UsageException(
                $"There is a file {file.FullName} already: give --force to overwrite it, or another one with --out."
            );
    }

    public void Write(Action<ZipArchive> fill)
    {
        var draft = file.FullName + ".new";
        try
        {
            using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None))
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
                fill(zip);
            File.Move(draft, file.FullName, overwrite);
        }
        finally
        {
            File.Delete(draft); // nothing to do once it was moved
        }
    }

    /// <summary>Adds an entry as it is: images are compressed already.</summary>
    public static void Add(ZipArchive zip, string name, ReadOnlySpan<byte> content)
    {
        using var stream = Open(zip, name);
        stream.Write(content);
    }

    public static Stream Open(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = s_written;
        return entry.Open();
    }

    /// <summary>Runs what writes beside the archive, and says what to do where the disk is full.</summary>
    public async Task Guard(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (IOException e) when (FullDisk.Is(e))
        {
            throw new DataSourceException(
                "disk-full",
                $"The disk of {file.DirectoryName} is full: free some space and repeat the command, or give another "
                    + $"folder with --out.",
                e
            );
        }
    }

    public void Tell(Terminal terminal, string content, string name)
    {
        file.Refresh();
        terminal.Line($"{file.FullName} ({Format.Bytes(file.Length)}): {content}.");
        terminal.Line($"Next: comod data upload {file.Name} --name {name}");
    }
}
