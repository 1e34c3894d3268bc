using ComodCluster.Api.Jobs;
using ComodCluster.Grains.Jobs;

namespace ComodCluster.Grains.Tests.Jobs;

public class JobLifecycleTests
{
    private static readonly (JobPhase, JobEvent, JobPhase)[] Possible =
    [
        (JobPhase.Queued, JobEvent.Begin, JobPhase.Running),
        (JobPhase.Queued, JobEvent.Pause, JobPhase.Paused),
        (JobPhase.Queued, JobEvent.Resume, JobPhase.Queued),
        (JobPhase.Queued, JobEvent.Cancel, JobPhase.Cancelling),
        (JobPhase.Queued, JobEvent.Fail, JobPhase.Failed),
        (JobPhase.Running, JobEvent.Begin, JobPhase.Running),
        (JobPhase.Running, JobEvent.Pause, JobPhase.Paused),
        (JobPhase.Running, JobEvent.Resume, JobPhase.Running),
        (JobPhase.Running, JobEvent.Cancel, JobPhase.Cancelling),
        (JobPhase.Running, JobEvent.Succeed, JobPhase.Succeeded),
        (JobPhase.Running, JobEvent.Fail, JobPhase.Failed),
        (JobPhase.Paused, JobEvent.Resume, JobPhase.Queued),
        (JobPhase.Paused, JobEvent.Pause, JobPhase.Paused),
        (JobPhase.Paused, JobEvent.Cancel, JobPhase.Cancelling),
        (JobPhase.Paused, JobEvent.Succeed, JobPhase.Succeeded),
        (JobPhase.Paused, JobEvent.Fail, JobPhase.Failed),
        (JobPhase.Cancelling, JobEvent.Cancel, JobPhase.Cancelling),
        (JobPhase.Cancelling, JobEvent.Succeed, JobPhase.Succeeded),
        (JobPhase.Cancelling, JobEvent.Fail, JobPhase.Failed),
        (JobPhase.Cancelling, JobEvent.Stopped, JobPhase.Cancelled),
    ];

    public static TheoryData<JobPhase, JobEvent> EveryPair()
    {
        var data = new TheoryData<JobPhase, JobEvent>();
        foreach (var phase in Enum.GetValues<JobPhase>())
        foreach (var happening in Enum.GetValues<JobEvent>())
            data.Add(phase, happening);
        return data;
    }

    [Theory, MemberData(nameof(EveryPair))]
    public void Next_EveryPair_FollowsTheTable(JobPhase phase, JobEvent happening)
    {
        var expected = Possible
            .Where(p => (p.Item1, p.Item2) == (phase, happening))
            .Select(p => (JobPhase?)p.Item3)
            .SingleOrDefault();

        Assert.Equal(expected, JobLifecycle.Next(phase, happening));
    }

    [Fact]
    public void IsFinished_EveryPhase_AgreesWithTheTable()
    {
        foreach (var phase in Enum.GetValues<JobPhase>())
            Assert.Equal(Possible.All(p => p.Item1 != phase), JobLifecycle.IsFinished(phase));
    }
}
