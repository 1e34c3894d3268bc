using System.Diagnostics;

namespace ComodCluster.Lab.Chaos;

/// <summary>How long nothing, and how long a task, was answered.</summary>
internal sealed class Outages
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _answered = [];
    private long _last = Stopwatch.GetTimestamp();
    private TimeSpan _longest;

    /// <summary>Between two answered predictions of whatever task.</summary>
    public TimeSpan Longest
    {
        get
        {
            lock (_lock)
                return _longest;
        }
    }

    public void Answered(string task)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(_last, now) is var gap && gap > _longest)
                _longest = gap;
            _answered[task] = _last = now;
        }
    }
}
