namespace ComodCluster.Engine.Native;

/// <summary>
/// Looks once a second whether other programs leave a team its cores. While they do not, its threads sleep at once at a
/// barrier, so that the thread that the others wait for has a core.
/// </summary>
internal sealed class CrowdWatch : IDisposable
{
    // Of two cores a third may be taken, of sixteen nearly three: the more there are, the sooner a thread that was
    // driven off one finds another.
    private const double MostTaken = 1 / 6.0;

    // What comes and goes within seconds is one neighbour.
    private const int CalmLooks = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly int _threads;
    private readonly Func<CoreTimes?> _read;
    private readonly Func<IDisposable> _crowd;
    private CoreTimes _last;
    private IDisposable? _crowded;
    private ITimer? _timer;
    private int _calm;
    private bool _ended;

    /// <param name="threads">Of the team that computes.</param>
    /// <param name="first">Before the first look.</param>
    /// <param name="read">The cores' times at a look; null: unknown, so nothing changes.</param>
    /// <param name="crowd">Makes threads sleep at once, until it is disposed of.</param>
    internal CrowdWatch(int threads, CoreTimes first, Func<CoreTimes?> read, Func<IDisposable> crowd) =>
        (_threads, _last, _read, _crowd) = (threads, first, read, crowd);

    /// <summary>Null where nobody waits for another thread, or the user chose how to wait, or the system does not tell
    /// what its cores do.</summary>
    /// <inheritdoc cref="CrowdWatch(int, CoreTimes, Func{CoreTimes?}, Func{IDisposable})"/>
    public static CrowdWatch? Start(int threads, TimeProvider time)
    {
        if (
            threads == 1
            || !OpenMp.ChoosesWaiting
            || CoreTimes.Read() is not { } first
            || IdleTeam.FindWork() is not { } work
        )
            return null;
        var watch = new CrowdWatch(threads, first, CoreTimes.Read, () => new IdleTeam(threads, work));
        watch._timer = time.CreateTimer(_ => watch.Look(), null, Interval, Interval);
        return watch;
    }

    internal void Look()
    {
        lock (_lock)
        {
            if (_ended || _read() is not { } now)
                return;
            var free = now.FreeSince(_last);
            _last = now;
            if (free < _threads * (1 - MostTaken))
            {
                _calm = 0;
                _crowded ??= _crowd();
            }
            else if (++_calm == CalmLooks)
                Disperse();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            _timer?.Dispose();
            Disperse();
        }
    }

    private void Disperse()
    {
        _crowded?.Dispose();
        _crowded = null;
    }
}
