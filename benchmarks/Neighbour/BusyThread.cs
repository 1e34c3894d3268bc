namespace ComodCluster.Benchmarks.Neighbour;

/// <summary>A thread that takes all it can get of one core, while it is asked to.</summary>
internal sealed class BusyThread : IDisposable
{
    private readonly ManualResetEventSlim _asked = new();
    private readonly Thread _thread;
    private volatile bool _ended;

    public BusyThread()
    {
        _thread = new Thread(Turn);
        _thread.Start();
    }

    public double During(Func<double> measure)
    {
        _asked.Set();
        try
        {
            return measure();
        }
        finally
        {
            _asked.Reset();
        }
    }

    public void Dispose()
    {
        _ended = true;
        _asked.Set();
        _thread.Join();
        _asked.Dispose();
    }

    private void Turn()
    {
        while (!_ended)
            _asked.Wait();
    }
}
