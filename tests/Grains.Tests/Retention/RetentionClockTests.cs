using ComodCluster.Grains.Retention;

namespace ComodCluster.Grains.Tests.Retention;

public sealed class RetentionClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1),
        Years = TimeSpan.FromDays(3650);

    private readonly JumpingTime _time = new(Start);

    [Fact]
    public void Next_FirstRound_IsNotKnownThenThatOfTheRoundBefore()
    {
        var clock = new RetentionClock(_time);

        Assert.Null(clock.Next());
        Assert.Equal(Start, Later(clock));
        Assert.Equal(Start + Hour, Later(clock));
    }

    [Fact]
    public void Next_WallClockSetAheadUnderARunningSilo_GoesOnAsTheMonotonicOne()
    {
        var clock = new RetentionClock(_time);
        Assert.Null(clock.Next());
        _time.Jump(Years);

        for (var round = 0; round < 100; round++)
            Assert.Equal(Start + round * Hour, Later(clock));
    }

    [Fact]
    public void Next_SetAheadAtTheStartAndRightWithinARound_WasNeverAhead()
    {
        _time.Jump(Years);
        var clock = new RetentionClock(_time);
        Assert.Null(clock.Next());
        _time.Jump(-Years);

        Assert.Equal(Start + Hour, Later(clock));
        Assert.Equal(Start + Hour, Later(clock));
    }

    [Fact]
    public void Next_SetBackAndRightAgain_WaitsMeanwhile()
    {
        var clock = new RetentionClock(_time);
        Assert.Null(clock.Next());
        _time.Jump(-Years);
        Assert.Equal(Start + Hour - Years, Later(clock));
        _time.Jump(Years);

        Assert.Equal(Start + Hour - Years, Later(clock));
        Assert.Equal(Start + 2 * Hour, Later(clock));
    }

    private DateTimeOffset? Later(RetentionClock clock)
    {
        _time.Advance(Hour);
        return clock.Next();
    }
}
