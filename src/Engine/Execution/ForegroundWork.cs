namespace ComodCluster.Engine.Execution;

/// <summary>
/// Bounded work that somebody waits for, on the device thread: a piece of it after each piece of adaptation, so that
/// neither waits for the other's end. Whose tenant used the device least comes first.
/// </summary>
internal sealed class ForegroundWork(FairShare share, TimeProvider time)
{
    private readonly List<ForegroundPiece> _waiting = [];

    public bool Any => _waiting.Count > 0;

    /// <param name="tenant">Whom the device's time is charged to.</param>
    /// <param name="pieces">Yields after each piece of about a batch.</param>
    /// <param name="cancellation">Looked at before each piece.</param>
    /// <returns>Device-seconds, once all pieces have run.</returns>
    public Task<double> Add(string tenant, IEnumerable<object?> pieces, CancellationToken cancellation)
    {
        var added = new ForegroundPiece(
            tenant,
            pieces.GetEnumerator(),
            new(TaskCreationOptions.RunContinuationsAsynchronously),
            cancellation
        );
        _waiting.Add(added);
        return added.Result.Task;
    }

    /// <summary>Runs one piece, where there is any.</summary>
    public void Advance()
    {
        if (_waiting.Count == 0)
            return;
        var next = share.Order(_waiting, w => w.Tenant, 0)[0];
        var start = time.GetTimestamp();
        var more = false;
        Exception? failure = null;
        try
        {
            next.Cancellation.ThrowIfCancellationRequested();
            more = next.Pieces.MoveNext();
        }
        catch (Exception e)
        {
            failure = e;
        }
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        next.Seconds += seconds;
        share.Charge(next.Tenant, seconds);
        if (!more)
            End(next, failure);
    }

    /// <summary>Ends all without a result.</summary>
    public void End()
    {
        foreach (var waiting in _waiting.ToArray())
            End(waiting, new OperationCanceledException("The engine stops."));
    }

    private void End(ForegroundPiece ended, Exception? failure)
    {
        _waiting.Remove(ended);
        ended.Pieces.Dispose();
        if (failure is OperationCanceledException)
            ended.Result.TrySetCanceled(
                ended.Cancellation.IsCancellationRequested ? ended.Cancellation : new CancellationToken(true)
            );
        else if (failure is not null)
            ended.Result.TrySetException(failure);
        else
            ended.Result.TrySetResult(ended.Seconds);
    }

    private sealed record ForegroundPiece(
        string Tenant,
        IEnumerator<object?> Pieces,
        TaskCompletionSource<double> Result,
        CancellationToken Cancellation
    )
    {
        public double Seconds { get; set; }
    }
}
