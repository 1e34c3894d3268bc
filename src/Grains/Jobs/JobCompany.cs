namespace ComodCluster.Grains.Jobs;

/// <summary>
/// The jobs at work in one process: side by side, or one alone. Who wants to be alone waits until the others have
/// ended, and who comes after it waits for it.
/// </summary>
internal sealed class JobCompany
{
    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = []; // in the order of their arrival
    private int _inside;
    private bool _alone;

    /// <summary>A job would neither wait nor keep one waiting that wants to be alone.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return !_alone && _waiting.Count == 0;
        }
    }

    /// <summary>Waits for its turn; disposing ends the stay.</summary>
    /// <param name="alone">No other job is inside as long as this one stays alone.</param>
    public async Task<Stay> Enter(bool alone, CancellationToken cancellation)
    {
        var waiting = new Waiting(alone);
        lock (_lock)
        {
            _waiting.Add(waiting);
            Admit();
        }
        await using var cancelled = cancellation.Register(() =>
        {
            lock (_lock)
            {
                if (!_waiting.Remove(waiting))
                    return;
                waiting.Turn.TrySetCanceled(cancellation);
                Admit();
            }
        });
        return await waiting.Turn.Task.ConfigureAwait(false);
    }

    private void Admit()
    {
        while (!_alone && _waiting is [var next, ..] && (!next.Alone || _inside == 0))
        {
            _waiting.RemoveAt(0);
            _inside++;
            _alone = next.Alone;
            next.Turn.TrySetResult(new Stay(this, next.Alone));
        }
    }

    private void Change(bool joins, bool leaves)
    {
        lock (_lock)
        {
            if (joins)
                _alone = false;
            if (leaves)
                _inside--;
            Admit();
        }
    }

    /// <summary>A job at its work.</summary>
    internal sealed class Stay(JobCompany company, bool alone) : IDisposable
    {
        private int _alone = alone ? 1 : 0,
            _left;

        /// <summary>Others may come in from now on.</summary>
        public void Join()
        {
            if (Interlocked.Exchange(ref _alone, 0) == 1)
                company.Change(joins: true, leaves: false);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                company.Change(joins: Interlocked.Exchange(ref _alone, 0) == 1, leaves: true);
        }
    }

    private sealed class Waiting(bool alone)
    {
        public bool Alone => alone;
        public TaskCompletionSource<Stay> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
