namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// While a backup copies blobs, no silo of the cluster deletes any. A deletion asks after it has found that no row
/// names the blob: a backup that begins later has a catalog that does not name it either.
/// </summary>
internal interface IBlobHold
{
    /// <summary>Holds all blobs until it is disposed, or this silo ends in any way.</summary>
    /// <returns>Null where another backup holds them.</returns>
    /// <exception cref="Contracts.ComodException">storage-unavailable.</exception>
    ValueTask<IAsyncDisposable?> TryTake(CancellationToken cancellation);

    /// <exception cref="Contracts.ComodException">storage-unavailable.</exception>
    ValueTask<bool> IsTaken(CancellationToken cancellation);
}
