using ComodCluster.Engine.Execution;

namespace ComodCluster.Grains.Tasks;

/// <summary>
/// What a task answers with: a version, its state read when it is first needed and then kept. Used on the grain's
/// scheduler only.
/// </summary>
internal sealed class Served(int version, Func<Task<ServedTask>> read)
{
    private Task<ServedTask>? _reading;

    /// <summary>0 is the base.</summary>
    public int Version => version;

    public async Task<ServedTask> Get(CancellationToken cancellation)
    {
        var reading = _reading ??= read();
        try
        {
            return await reading.WaitAsync(cancellation);
        }
        catch when (reading.IsFaulted)
        {
            // The next prediction tries again.
            if (ReferenceEquals(_reading, reading))
                _reading = null;
            throw;
        }
    }
}
