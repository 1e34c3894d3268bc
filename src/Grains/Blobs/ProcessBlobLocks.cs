namespace ComodCluster.Grains.Blobs;

/// <summary>For a directory that one process uses: a fixed number of locks that blobs share by digest.</summary>
public sealed class ProcessBlobLocks : IBlobLocks
{
    private readonly SemaphoreSlim[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async ValueTask<IAsyncDisposable> Take(BlobAddress blob, CancellationToken cancellation)
    {
        var stripe = _stripes[(uint)blob.Digest.GetHashCode(StringComparison.Ordinal) % _stripes.Length];
        await stripe.WaitAsync(cancellation).ConfigureAwait(false);
        return new Held(stripe);
    }

    private sealed class Held(SemaphoreSlim stripe) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            stripe.Release();
            return ValueTask.CompletedTask;
        }
    }
}
