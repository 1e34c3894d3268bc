using System.Security.Cryptography;

namespace ComodCluster.Grains.Storage.Blobs.S3;

/// <summary>
/// Copies of blobs on this machine's disk; the least recently used go where they need more than the budget. A file that
/// is gone stays readable to those who have it open.
/// </summary>
internal sealed class BlobCache
{
    private readonly IBlobFiles _files;
    private readonly string _folder;
    private readonly long _budget;
    private readonly Lock _gate = new();
    private readonly Dictionary<BlobAddress, LinkedListNode<Copy>> _copies = [];

    // The next to go first.
    private readonly LinkedList<Copy> _byUse = [];
    private long _bytes;

    public BlobCache(IBlobFiles files, string folder, long budget)
    {
        (_files, _folder, _budget) = (files, folder, budget);
        var found = files.All(folder).Select(path => new FileInfo(path)).OrderBy(file => file.LastWriteTimeUtc);
        foreach (var file in found)
            if (new BlobAddress(new(file.Directory!.Name), file.Name) is { IsValid: true } blob)
                Note(new Copy(blob, file.Length) { IsChecked = false });
        Evict();
    }

    /// <summary>A copy whose bytes this process has compared with the digest; null where there is none.</summary>
    public Stream? Open(BlobAddress blob)
    {
        lock (_gate)
            return _copies.TryGetValue(blob, out var copy) && copy.Value.IsChecked ? OpenRead(copy) : null;
    }

    /// <summary>
    /// What an earlier process left, which may have died over it: compares the bytes with the digest. One caller for a
    /// blob at a time.
    /// </summary>
    public async Task<Stream?> OpenUnchecked(BlobAddress blob, CancellationToken cancellation)
    {
        Stream? file;
        lock (_gate)
            file = _copies.TryGetValue(blob, out var copy) ? OpenRead(copy) : null;
        if (file is null)
            return null;
        try
        {
            if (
                Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false))
                == blob.Digest
            )
            {
                lock (_gate)
                    if (_copies.TryGetValue(blob, out var copy))
                        copy.Value.IsChecked = true;
                file.Position = 0;
                return file;
            }
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        await file.DisposeAsync().ConfigureAwait(false);
        Remove(blob);
        return null;
    }

    /// <summary>Takes a file of known digest over, unless it is larger than the budget or the disk refuses.</summary>
    public void Add(BlobAddress blob, string path, long length)
    {
        if (length > _budget)
            return;
        try
        {
            _files.Move(path, PathOf(blob));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The blob itself is in the bucket: it can be read without a copy.
            return;
        }
        lock (_gate)
        {
            Forget(blob);
            Note(new Copy(blob, length) { IsChecked = true });
            Evict();
        }
    }

    /// <returns>Whether there was a copy.</returns>
    public bool Remove(BlobAddress blob)
    {
        lock (_gate)
        {
            if (!Forget(blob))
                return false;
            Discard(blob);
            return true;
        }
    }

    private Stream? OpenRead(LinkedListNode<Copy> copy)
    {
        try
        {
            var file = _files.OpenRead(PathOf(copy.Value.Blob));
            _byUse.Remove(copy);
            _byUse.AddLast(copy);
            return file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Somebody has cleared the folder.
            Forget(copy.Value.Blob);
            return null;
        }
    }

    private void Note(Copy copy)
    {
        _copies[copy.Blob] = _byUse.AddLast(copy);
        _bytes += copy.Length;
    }

    private bool Forget(BlobAddress blob)
    {
        if (!_copies.Remove(blob, out var copy))
            return false;
        _byUse.Remove(copy);
        _bytes -= copy.Value.Length;
        return true;
    }

    private void Evict()
    {
        while (_bytes > _budget && _byUse.First is { } oldest)
        {
            var blob = oldest.Value.Blob;
            Forget(blob);
            Discard(blob);
        }
    }

    private void Discard(BlobAddress blob)
    {
        try
        {
            _files.Delete(PathOf(blob));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that cannot be written keeps the file; the next start counts it again.
        }
    }

    private string PathOf(BlobAddress blob) => Path.Combine(_folder, blob.Tenant.Value, blob.Digest);

    private sealed record Copy(BlobAddress Blob, long Length)
    {
        public required bool IsChecked { get; set; }
    }
}
