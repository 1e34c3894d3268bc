namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>For blobs that one process uses.</summary>
internal sealed class ProcessBlobHold : IBlobHold
{
    private int _taken;

    public ValueTask<IAsyncDisposable?> TryTake(CancellationToken cancellation) =>
        new(Interlocked.CompareExchange(ref _taken, 1, 0) == 0 ? new Taken(this) : null);

    public ValueTask<bool> IsTaken(CancellationToken cancellation) => new(Volatile.Read(ref _taken) == 1);

    private sealed class Taken(ProcessBlobHold hold) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Volatile.Write(ref hold._taken, 0);
            return ValueTask.CompletedTask;
        }
    }
}
