namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>For blobs that one process uses.</summary>
public sealed class ProcessBlobLocks : IBlobLocks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BlobAddress, Turn> _turns = [];

    public async ValueTask<IAsyncDisposable> Take(BlobAddress blob, CancellationToken cancellation)
    {
        Turn turn;
        lock (_gate)
        {
            if (!_turns.TryGetValue(blob, out turn!))
                _turns[blob] = turn = new Turn();
            turn.Users++;
        }
        try
        {
            await turn.Free.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            Leave(blob, turn);
            throw;
        }
        return new Held(this, blob, turn);
    }

    private void Leave(BlobAddress blob, Turn turn)
    {
        lock (_gate)
            if (--turn.Users == 0)
                _turns.Remove(blob);
    }

    private sealed class Turn
    {
        public SemaphoreSlim Free { get; } = new(1);

        /// <summary>Who holds or waits; under the gate.</summary>
        public int Users { get; set; }
    }

    private sealed class Held(ProcessBlobLocks locks, BlobAddress blob, Turn turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Free.Release();
            locks.Leave(blob, turn);
            return ValueTask.CompletedTask;
        }
    }
}
