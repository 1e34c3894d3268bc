using ComodCluster.Api.Jobs;
using ComodCluster.Cli.Commands.Watching;

namespace ComodCluster.Cli.Tests.Commands;

public class JobBarTests
{
    [Fact]
    public void State_TwoJobs_IsTheirMeanAndTheLongerTimeLeft()
    {
        var bar = new JobBar("both", ["a", "b"]);
        bar.Set(
            0,
            Job("a", JobPhase.Running) with
            {
                Progress = 0.5,
                Loss = 0.4,
                ImagesPerSecond = 100,
                SecondsLeft = 10,
            }
        );
        bar.Set(
            1,
            Job("b", JobPhase.Running) with
            {
                Progress = 0.1,
                Loss = 0.6,
                ImagesPerSecond = 50,
                SecondsLeft = 70,
            }
        );
        Assert.Equal("both: 30 %  loss 0.500  150 img/s  1:10 left  running", BarText.Line(bar.Label, bar.State()));
    }

    [Fact]
    public void State_OneOfTwoUnknown_IsNotDone()
    {
        var bar = new JobBar("both", ["a", "b"]);
        bar.Set(0, Job("a", JobPhase.Succeeded) with { Progress = 1 });
        Assert.False(bar.State().Done);
        Assert.Equal(0.5, bar.State().Progress);
    }

    [Fact]
    public void State_OneFailed_SaysSo()
    {
        var bar = new JobBar("one", ["a"]);
        bar.Set(0, Job("a", JobPhase.Failed) with { Progress = 0.2 });
        Assert.Equal("failed", BarText.Left(bar.State()));
    }

    [Theory]
    [InlineData(6.2, "0:07")]
    [InlineData(750, "12:30")]
    [InlineData(3723, "1:02:03")]
    public void Clock_Seconds_ReadsAsAClock(double seconds, string clock) =>
        Assert.Equal(clock, BarText.Clock(seconds));

    private static JobInfo Job(string id, JobPhase phase) =>
        new()
        {
            Id = id,
            Kind = JobKind.Adapt,
            Phase = phase,
            Subject = "gears",
            Progress = 0,
            Created = DateTimeOffset.UnixEpoch,
        };
}
