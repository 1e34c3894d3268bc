using System.Text;
using ComodCluster.Grains.Storage.Disk;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>Blobs as files of a directory that all silos reach: <c>{tenant}/{ab}/{digest}</c>.</summary>
public sealed class DirectoryDepot(DataDirectory directory, IBlobFiles files) : IBlobDepot
{
    public string Place => $"folder of the blobs '{directory.Blobs}'";

    // DataDirectory has made the directory, or refused the start.
    public Task Verify(CancellationToken cancellation) => Task.CompletedTask;

    public Task Stage(BlobAddress blob, string path, long length, CancellationToken cancellation) => Task.CompletedTask;

    public Task<bool> Keep(
        BlobAddress blob,
        string path,
        long length,
        DateTimeOffset written,
        CancellationToken cancellation
    )
    {
        directory.RequireBlobs();
        files.SetWritten(path, written);
        files.Move(path, PathOf(blob));
        return Task.FromResult(true);
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

    public Task<bool> Delete(BlobAddress blob, DateTimeOffset writtenBefore, CancellationToken cancellation)
    {
        var path = PathOf(blob);
        if (files.Written(path) is not { } written)
            return Task.FromResult(true);
        if (written > writtenBefore)
            return Task.FromResult(false);
        files.Delete(path);
        return Task.FromResult(true);
    }

    public IAsyncEnumerable<ListedBlob> All(CancellationToken cancellation) => Files().ToAsyncEnumerable();

    public async Task<string?> ReadNote(string name, CancellationToken cancellation)
    {
        var path = Path.Combine(directory.Blobs, name);
        return File.Exists(path)
            ? (await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false)).Trim()
            : null;
    }

    public Task WriteNote(string name, string text, CancellationToken cancellation)
    {
        var draft = Path.Combine(directory.Temporary, name);
        files.Delete(draft);
        using (var file = files.Create(draft))
        {
            file.Write(Encoding.UTF8.GetBytes(text + "\n"));
            files.Sync(file);
        }
        files.Move(draft, Path.Combine(directory.Blobs, name));
        return Task.CompletedTask;
    }

    private IEnumerable<ListedBlob> Files()
    {
        foreach (var path in files.All(directory.Blobs))
        {
            var parts = Path.GetRelativePath(directory.Blobs, path).Split(Path.DirectorySeparatorChar);
            if (
                parts.Length == 3
                && new BlobAddress(new(parts[0]), parts[2]) is { IsValid: true } blob
                && files.Written(path) is { } written
                && files.Length(path) is { } length
            )
                yield return new(blob, length, written);
        }
    }

    private string PathOf(BlobAddress blob) =>
        Path.Combine(directory.Blobs, blob.Tenant.Value, blob.Digest[..2], blob.Digest);
}
