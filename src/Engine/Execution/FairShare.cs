namespace ComodCluster.Engine.Execution;

/// <summary>
/// Whose turn it is on a device: each tenant is charged the device-seconds that it used, divided by its weight, and
/// those charged least come first (start-time fair queueing, Goyal, Vin and Cheng 1996). Who comes after a time without
/// work starts level with the others: idling earns nothing. Thread-safe.
/// </summary>
/// <param name="weights">By tenant, above 0; tenants without one have 1.</param>
public sealed class FairShare(IReadOnlyDictionary<string, double>? weights = null)
{
    // Device-seconds by which tenants may drift apart: a few batches, so that turns need not change with each.
    private const double Slack = 0.05;

    private readonly Lock _lock = new();

    // Virtual time of each tenant: device-seconds over its weight. A tenant that is not in it has 0.
    private readonly Dictionary<string, double> _charged = [];
    private HashSet<string> _active = [];

    public double WeightOf(string tenant) =>
        weights is not null && weights.TryGetValue(tenant, out var weight) ? weight : 1;

    /// <summary>Weighted device-seconds; only differences between tenants with work mean something.</summary>
    public double this[string tenant]
    {
        get
        {
            lock (_lock)
                return _charged.GetValueOrDefault(tenant);
        }
    }

    /// <summary>Names the tenants that have work now.</summary>
    public void SetActive(IEnumerable<string> tenants)
    {
        lock (_lock)
        {
            var active = tenants.ToHashSet(StringComparer.Ordinal);
            if (active.SetEquals(_active))
                return;
            // The time now: the least of those who had work all along. Where nobody did it is the greatest of all, so
            // that a pause of everybody leaves no credit.
            var stayed = active
                .Where(_active.Contains)
                .Select(t => _charged.GetValueOrDefault(t))
                .DefaultIfEmpty(_charged.Values.DefaultIfEmpty().Max())
                .Min();
            // Never less than before: who leaves while ahead comes back ahead.
            foreach (var tenant in active.Except(_active))
                _charged[tenant] = Math.Max(stayed, _charged.GetValueOrDefault(tenant));
            _active = active;
            // Whoever is behind the tenants with work would be put level with them anyway.
            foreach (var idle in _charged.Keys.Where(t => !active.Contains(t) && _charged[t] <= stayed).ToArray())
                _charged.Remove(idle);
        }
    }

    public void Charge(string tenant, double seconds)
    {
        lock (_lock)
            _charged[tenant] = _charged.GetValueOrDefault(tenant) + seconds / WeightOf(tenant);
    }

    /// <summary>Whether a tenant has used so much that others with work come first.</summary>
    public bool IsAhead(string tenant)
    {
        lock (_lock)
            return _active.Count > 1 && _charged.GetValueOrDefault(tenant) > Least() + Slack;
    }

    /// <summary>Items of several tenants, those whose turn it is first; each tenant's stay in their order.</summary>
    /// <param name="secondsEach">About what an item costs.</param>
    public T[] Order<T>(IReadOnlyCollection<T> items, Func<T, string> tenantOf, double secondsEach)
    {
        lock (_lock)
            return [.. Tagged(items, tenantOf, secondsEach).OrderBy(i => i.Tag).Select(i => i.Item)];
    }

    /// <summary>
    /// The first of <see cref="Order"/>, until a tenant whose turn it would be has no further item, and then those that
    /// fill the last batch.
    /// </summary>
    /// <param name="batch">Items that cost no more together than one alone.</param>
    public T[] Round<T>(IReadOnlyCollection<T> items, Func<T, string> tenantOf, double secondsEach, int batch)
    {
        lock (_lock)
        {
            if (_active.Count <= 1)
                return [.. items];
            var counts = items.CountBy(tenantOf).ToDictionary();
            // Where the first tenant has no further item here. Beyond it that tenant would be due, with work that is
            // not among these items; one that has none here is waited for, but the others may be ahead by the slack.
            var limit = _active.Min(t =>
                _charged.GetValueOrDefault(t)
                + (counts.TryGetValue(t, out var count) ? count * secondsEach / WeightOf(t) : Slack)
            );
            var ordered = Tagged(items, tenantOf, secondsEach).OrderBy(i => i.Tag).ToArray();
            var due = ordered.Count(i => i.Tag < limit);
            // What fills the last batch costs nothing more; it is charged all the same, so that its tenant waits longer
            // next.
            return [.. ordered.Take((due + batch - 1) / batch * batch).Select(i => i.Item)];
        }
    }

    private IEnumerable<(T Item, double Tag)> Tagged<T>(
        IEnumerable<T> items,
        Func<T, string> tenantOf,
        double secondsEach
    )
    {
        // A tag is the virtual time at which an item starts, if those of its tenant before it have run.
        var next = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var tenant = tenantOf(item);
            var tag = next.TryGetValue(tenant, out var following) ? following : _charged.GetValueOrDefault(tenant);
            next[tenant] = tag + secondsEach / WeightOf(tenant);
            yield return (item, tag);
        }
    }

    private double Least() => _active.Min(t => _charged.GetValueOrDefault(t));
}
