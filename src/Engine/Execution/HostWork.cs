namespace ComodCluster.Engine.Execution;

/// <summary>
/// Work of coroutines of the device thread that needs no device: a few pieces at once, on threads of their own, so that
/// batches go on meanwhile. Called on the device thread.
/// </summary>
/// <param name="wake">Wakes the device thread, where a piece has ended or there is a place.</param>
internal sealed class HostWork(Action wake)
{
    private readonly int _places = Math.Max(1, Environment.ProcessorCount / 2);
    private int _taken;

    /// <returns>Whether there was a place; <see cref="Leave"/> must follow.</returns>
    public bool TryEnter()
    {
        if (_taken == _places)
            return false;
        _taken++;
        return true;
    }

    public void Leave()
    {
        _taken--;
        wake();
    }

    /// <summary>For who has a place.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        var running = Task.Factory.StartNew(
            work,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        running.ContinueWith(_ => wake(), TaskScheduler.Default);
        return running;
    }
}
