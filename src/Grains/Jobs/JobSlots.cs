using ComodCluster.Contracts;
using ComodCluster.Engine.Execution;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// Places for the jobs of one kind that run at once. A free place goes to the tenant that has the fewest for its
/// weight, of these to the one that used the device least, and within the tenant to the job of highest priority; a
/// minute of waiting counts as one more of it. A tenant's first job does not wait for the places of others, as long as
/// there are no more than twice as many jobs as places.
/// </summary>
internal sealed class JobSlots(int places, FairShare share, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = []; // in the order of their arrival
    private readonly Dictionary<TenantName, int> _taken = [];
    private int _total;

    /// <summary>A job would not have to wait.</summary>
    public bool HasFree
    {
        get
        {
            lock (_lock)
                return _total < places && _waiting.Count == 0;
        }
    }

    /// <summary>Waits for a place; disposing gives it back.</summary>
    public async Task<IDisposable> Take(TenantName tenant, int priority, CancellationToken cancellation)
    {
        var waiting = new Waiting(tenant, priority, time.GetTimestamp());
        lock (_lock)
        {
            _waiting.Add(waiting);
            Hand();
        }
        await using var cancelled = cancellation.Register(() =>
        {
            lock (_lock)
                if (_waiting.Remove(waiting))
                    waiting.Place.TrySetCanceled(cancellation);
        });
        return await waiting.Place.Task.ConfigureAwait(false);
    }

    private void Hand()
    {
        while (
            _waiting
                .Where(MayBegin)
                .OrderBy(w => TakenBy(w.Tenant) / share.WeightOf(w.Tenant.Value))
                .ThenBy(w => share[w.Tenant.Value])
                .ThenByDescending(Urgency)
                .FirstOrDefault()
                is { } next
        )
        {
            _waiting.Remove(next);
            Count(next.Tenant, 1);
            next.Place.TrySetResult(new Slot(() => Return(next.Tenant)));
        }
    }

    private bool MayBegin(Waiting waiting) => _total < places || _total < 2 * places && TakenBy(waiting.Tenant) == 0;

    private double Urgency(Waiting waiting) => waiting.Priority + time.GetElapsedTime(waiting.Since).TotalMinutes;

    private int TakenBy(TenantName tenant) => _taken.GetValueOrDefault(tenant);

    private void Count(TenantName tenant, int change)
    {
        _total += change;
        if (TakenBy(tenant) + change is > 0 and var taken)
            _taken[tenant] = taken;
        else
            _taken.Remove(tenant);
    }

    private void Return(TenantName tenant)
    {
        lock (_lock)
        {
            Count(tenant, -1);
            Hand();
        }
    }

    private sealed class Waiting(TenantName tenant, int priority, long since)
    {
        public TenantName Tenant => tenant;
        public int Priority => priority;
        public long Since => since;
        public TaskCompletionSource<IDisposable> Place { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Slot(Action giveBack) : IDisposable
    {
        private Action? _giveBack = giveBack;

        public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
    }
}
