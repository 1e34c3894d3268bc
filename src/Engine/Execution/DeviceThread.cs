using System.Collections.Concurrent;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// The one thread that owns a device and all tensors on it. In this order: commands, batches of predictions, one piece
/// of background work;
/// after a few batches of predictions in a row background work has its turn, so that nothing starves.
/// </summary>
internal sealed class DeviceThread : IDisposable
{
    private const int PredictionsInARow = 8;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly ManualResetEventSlim _work = new();
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile Exception? _broken;
    private long _busyTicks;

    /// <param name="name">Name of the thread.</param>
    /// <param name="time">Measures how long it is busy.</param>
    /// <param name="predict">Runs one batch of predictions.</param>
    /// <param name="background">Runs one piece of other work; false where there is none.</param>
    /// <param name="broken">Hears of what one of them throws: neither is called again, and commands fail.</param>
    /// <param name="last">Runs at the end, for what must be released on this thread.</param>
    public DeviceThread(
        string name,
        TimeProvider time,
        Func<PredictTurn> predict,
        Func<bool> background,
        Action<Exception> broken,
        Action last
    )
    {
        _time = time;
        _thread = new Thread(() => Live(predict, background, broken, last)) { Name = name, IsBackground = true };
        _thread.Start();
    }

    public TimeSpan Busy => TimeSpan.FromTicks(Interlocked.Read(ref _busyTicks));

    /// <summary>Runs a command between two batches.</summary>
    /// <exception cref="ObjectDisposedException">The thread is ending.</exception>
    public Task<T> Run<T>(Func<T> command)
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(() =>
        {
            try
            {
                if (_broken is { } cause)
                    throw new InvalidOperationException("The device's thread does no work any more.", cause);
                result.TrySetResult(command());
            }
            catch (Exception e)
            {
                result.TrySetException(e);
            }
        });
        Wake();
        return result.Task;
    }

    /// <summary>There is work for one of the callbacks.</summary>
    public void Wake() => _work.Set();

    /// <summary>Ends after the piece of work in hand; commands that wait are still run.</summary>
    public void Dispose()
    {
        _stopping = true;
        Wake();
        _thread.Join();
        _work.Dispose();
    }

    private void Live(Func<PredictTurn> predict, Func<bool> background, Action<Exception> broken, Action last)
    {
        try
        {
            Loop(predict, background);
        }
        catch (Exception e)
        {
            _broken = e;
            broken(e);
        }
        while (!_stopping)
        {
            _work.Reset();
            if (_commands.TryDequeue(out var refused))
                refused();
            else
                _work.Wait();
        }
        while (_commands.TryDequeue(out var command))
            command();
        last();
    }

    private void Loop(Func<PredictTurn> predict, Func<bool> background)
    {
        var predictions = 0;
        while (!_stopping)
        {
            _work.Reset();
            var start = _time.GetTimestamp();
            var worked = true;
            if (_commands.TryDequeue(out var command))
                command();
            else
            {
                var turn = predictions < PredictionsInARow ? predict() : PredictTurn.Idle;
                if (turn == PredictTurn.Filling)
                {
                    _work.Wait(Moment);
                    continue;
                }
                if (turn == PredictTurn.Ran)
                    predictions++;
                else
                {
                    var yielded = predictions > 0;
                    predictions = 0;
                    worked = background() || yielded;
                }
            }
            if (worked)
                Interlocked.Add(ref _busyTicks, _time.GetElapsedTime(start).Ticks);
            else
                _work.Wait();
        }
    }
}
