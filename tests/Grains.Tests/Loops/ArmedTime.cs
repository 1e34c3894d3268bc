using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ComodCluster.Grains.Tests.Loops;

/// <summary>A clock that tells when somebody waits for it.</summary>
internal sealed class ArmedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
            _armed.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets the time pass that somebody waits for, as soon as somebody does.</summary>
    public async Task Pass(CancellationToken cancellation) => Advance(await _armed.Reader.ReadAsync(cancellation));

    /// <summary>Completes when somebody waits.</summary>
    public async Task Armed(CancellationToken cancellation) => await _armed.Reader.ReadAsync(cancellation);
}
