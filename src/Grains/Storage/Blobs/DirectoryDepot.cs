using System.Text;
using ComodCluster.Grains.Storage.Disk;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// Blobs as files of a directory that all silos reach: <c>{tenant}/{ab}/{digest}</c>, and condemnations as files of the
/// same names in its folder <c>.condemned</c>.
/// </summary>
public sealed class DirectoryDepot(DataDirectory directory, IBlobFiles files) : IBlobDepot
{
    // The name of no tenant.
    private const string CondemnedName = ".condemned";

    public string Place => $"folder of the blobs '{directory.Blobs}'";

    // DataDirectory has made the directory, or refused the start.
    public Task Verify(CancellationToken cancellation) => Task.CompletedTask;

    public Task Stage(BlobAddress blob, string path, long length, CancellationToken cancellation) => Task.CompletedTask;

    // The file keeps the time that the file system gave it when it was written.
    public Task<DateTimeOffset?> Keep(BlobAddress blob, string path, long length, CancellationToken cancellation)
    {
        directory.RequireBlobs();
        files.Move(path, PathOf(blob));
        return Task.FromResult(files.Written(PathOf(blob)));
    }

    public Task<Stream?> Open(BlobAddress blob, CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult<Stream?>(files.OpenRead(PathOf(blob)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            directory.RequireBlobs();
            return Task.FromResult<Stream?>(null);
        }
    }

    public async Task<bool> CopyTo(BlobAddress blob, Stream to, CancellationToken cancellation)
    {
        if (await Open(blob, cancellation).ConfigureAwait(false) is not { } from)
            return false;
        await using (from.ConfigureAwait(false))
            await from.CopyToAsync(to, cancellation).ConfigureAwait(false);
        return true;
    }

    public bool DropCopy(BlobAddress blob) => false;

    public Task<DateTimeOffset> Now(CancellationToken cancellation) => Task.FromResult(Write([], path: null));

    public Task<bool> Delete(BlobAddress blob, DateTimeOffset writtenBefore, CancellationToken cancellation) =>
        Task.FromResult(Delete(blob, written => written <= writtenBefore));

    public Task<bool> DeleteKept(BlobAddress blob, DateTimeOffset kept, CancellationToken cancellation) =>
        Task.FromResult(Delete(blob, written => written == kept));

    public Task Condemn(BlobAddress blob, bool released, CancellationToken cancellation)
    {
        Write(released ? "released\n"u8 : [], CondemnationOf(blob));
        return Task.CompletedTask;
    }

    public Task Spare(BlobAddress blob, CancellationToken cancellation)
    {
        files.Delete(CondemnationOf(blob));
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<CondemnedBlob> Condemned(CancellationToken cancellation) =>
        Files(Path.Combine(directory.Blobs, CondemnedName))
            .Select(file => new CondemnedBlob(file.Blob, file.Written, file.Length > 0))
            .ToAsyncEnumerable();

    public IAsyncEnumerable<ListedBlob> All(CancellationToken cancellation) =>
        Files(directory.Blobs).ToAsyncEnumerable();

    public async Task<string?> ReadNote(string name, CancellationToken cancellation)
    {
        var path = Path.Combine(directory.Blobs, name);
        return File.Exists(path)
            ? (await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false)).Trim()
            : null;
    }

    public Task WriteNote(string name, string text, CancellationToken cancellation)
    {
        Write(Encoding.UTF8.GetBytes(text + "\n"), Path.Combine(directory.Blobs, name));
        return Task.CompletedTask;
    }

    /// <summary>Makes or replaces a file in one step.</summary>
    /// <returns>When its bytes were written, by the file system's clock.</returns>
    private DateTimeOffset Write(ReadOnlySpan<byte> content, string? path)
    {
        directory.RequireBlobs();
        var draft = directory.TemporaryPath();
        try
        {
            using (var file = files.Create(draft))
            {
                file.Write(content);
                files.Sync(file);
            }
            var written = files.Written(draft)!.Value;
            if (path is not null)
                files.Move(draft, path);
            return written;
        }
        finally
        {
            files.Delete(draft);
        }
    }

    private bool Delete(BlobAddress blob, Func<DateTimeOffset, bool> may)
    {
        var path = PathOf(blob);
        if (files.Written(path) is { } written)
        {
            if (!may(written))
                return false;
            files.Delete(path);
        }
        files.Delete(CondemnationOf(blob));
        return true;
    }

    private IEnumerable<ListedBlob> Files(string folder)
    {
        foreach (var path in files.All(folder))
        {
            var parts = Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar);
            if (
                parts.Length == 3
                && new BlobAddress(new(parts[0]), parts[2]) is { IsValid: true } blob
                && files.Written(path) is { } written
                && files.Length(path) is { } length
            )
                yield return new(blob, length, written);
        }
    }

    private string PathOf(BlobAddress blob) => PathIn(directory.Blobs, blob);

    private string CondemnationOf(BlobAddress blob) => PathIn(Path.Combine(directory.Blobs, CondemnedName), blob);

    private static string PathIn(string folder, BlobAddress blob) =>
        Path.Combine(folder, blob.Tenant.Value, blob.Digest[..2], blob.Digest);
}
