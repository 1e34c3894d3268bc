using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>A file in the temporary directory that is whole and not a blob yet: gone when it is disposed.</summary>
/// <param name="path">Already on the disk.</param>
/// <param name="digest">SHA-256, lower-case hexadecimal.</param>
/// <param name="length">Bytes.</param>
public sealed class ReceivedFile(BlobStore store, string path, string digest, long length) : IAsyncDisposable
{
    public string Path => path;

    public string Digest => digest;

    public long Length => length;

    /// <summary>Makes it a blob.</summary>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    public Task<StoredBlob> Keep(TenantName tenant, CancellationToken cancellation) =>
        store.Keep(tenant, this, cancellation);

    public ValueTask DisposeAsync()
    {
        store.Discard(path);
        return ValueTask.CompletedTask;
    }
}
