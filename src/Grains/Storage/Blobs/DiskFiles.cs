using System.Runtime.InteropServices;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>The real disk.</summary>
public sealed partial class DiskFiles : IBlobFiles
{
    private const int BufferSize = 1 << 16;

    // EINVAL: file systems whose directories need no sync, and offer none.
    private const int NotSupportedHere = 22;

    public Stream Create(string path) =>
        new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, useAsync: true);

    public Stream OpenRead(string path) =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);

    public void Sync(Stream created)
    {
        if (created is FileStream file)
            file.Flush(flushToDisk: true);
        else
            created.Flush();
    }

    public void Move(string from, string to)
    {
        var directory = Path.GetDirectoryName(to)!;
        var isNew = !Directory.Exists(directory);
        Directory.CreateDirectory(directory);
        File.Move(from, to, overwrite: true);
        SyncDirectory(directory);
        if (isNew)
            SyncDirectory(Path.GetDirectoryName(directory)!);
    }

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // There is no such file, as asked.
        }
    }

    public DateTimeOffset? Written(string path) =>
        File.Exists(path) ? new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero) : null;

    public long? Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    public IEnumerable<string> All(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories) : [];

    // A renamed file survives a power cut only once its directory is on the disk. Windows orders both by itself.
    private static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = Open(directory, 0);
        if (handle < 0)
            throw new IOException($"Cannot open the directory '{directory}'.", Marshal.GetLastPInvokeError());
        try
        {
            if (Sync(handle) != 0 && Marshal.GetLastPInvokeError() != NotSupportedHere)
                throw new IOException(
                    $"Cannot write the directory '{directory}' through.",
                    Marshal.GetLastPInvokeError()
                );
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
