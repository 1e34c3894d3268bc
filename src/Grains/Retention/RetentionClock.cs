namespace ComodCluster.Grains.Retention;

/// <summary>
/// The time that retention counts by: it never goes faster than the monotonic clock, and is that of the round before.
/// So a wall clock that is set years ahead makes nothing expire, neither under a running silo nor, where it is set
/// right within a round, at the start of one. Whatever a silo slept through counts from its next start on.
/// </summary>
internal sealed class RetentionClock(TimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _ticks = time.GetTimestamp();
    private DateTimeOffset? _before;

    /// <summary>For each round once.</summary>
    /// <returns>Null in the first round, which has no other to confirm it.</returns>
    public DateTimeOffset? Next()
    {
        var now = Earlier(time.GetUtcNow(), _start + time.GetElapsedTime(_ticks));
        DateTimeOffset? confirmed = _before is { } before ? Earlier(before, now) : null;
        _before = now;
        return confirmed;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
