using Microsoft.Extensions.Time.Testing;

namespace ComodCluster.Grains.Tests;

/// <summary>
/// A wall clock that jumps, as when an operator or a time server sets it, over a monotonic one that does not.
/// </summary>
internal sealed class JumpingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _off;

    public void Jump(TimeSpan by) => _off += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _off;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}
