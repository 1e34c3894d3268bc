namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// Keeps a blob's deletion from falling between another caller's storing of the same bytes and its answer.
/// </summary>
public interface IBlobLocks
{
    /// <summary>Waits until nobody else holds the blob's lock; disposing gives it back.</summary>
    /// <exception cref="Contracts.ComodException">storage-unavailable.</exception>
    ValueTask<IAsyncDisposable> Take(BlobAddress blob, CancellationToken cancellation);
}
