using ComodCluster.Api.Tasks;
using ComodCluster.Grains.Tasks;

namespace ComodCluster.Grains.Tests.Tasks;

public class TaskLifecycleTests
{
    // Every pair that is possible; all others are refused. Phase, event, phase without a version, phase with one.
    private static readonly (TaskPhase, TaskEvent, TaskPhase, TaskPhase)[] Possible =
    [
        (TaskPhase.Registered, TaskEvent.AdaptStarted, TaskPhase.Adapting, TaskPhase.Adapting),
        (TaskPhase.Registered, TaskEvent.Delete, TaskPhase.Deleted, TaskPhase.Deleted),
        (TaskPhase.Adapting, TaskEvent.AdaptSucceeded, TaskPhase.Ready, TaskPhase.Ready),
        (TaskPhase.Adapting, TaskEvent.AdaptFailed, TaskPhase.Failed, TaskPhase.Ready),
        (TaskPhase.Adapting, TaskEvent.AdaptCancelled, TaskPhase.Registered, TaskPhase.Ready),
        (TaskPhase.Adapting, TaskEvent.Delete, TaskPhase.Deleted, TaskPhase.Deleted),
        (TaskPhase.Ready, TaskEvent.AdaptStarted, TaskPhase.Adapting, TaskPhase.Adapting),
        (TaskPhase.Ready, TaskEvent.Delete, TaskPhase.Deleted, TaskPhase.Deleted),
        (TaskPhase.Failed, TaskEvent.AdaptStarted, TaskPhase.Adapting, TaskPhase.Adapting),
        (TaskPhase.Failed, TaskEvent.Delete, TaskPhase.Deleted, TaskPhase.Deleted),
    ];

    public static TheoryData<TaskPhase, TaskEvent, bool> EveryPair()
    {
        var data = new TheoryData<TaskPhase, TaskEvent, bool>();
        foreach (var phase in Enum.GetValues<TaskPhase>())
        foreach (var happening in Enum.GetValues<TaskEvent>())
        foreach (var hasVersion in new[] { false, true })
            data.Add(phase, happening, hasVersion);
        return data;
    }

    [Theory, MemberData(nameof(EveryPair))]
    public void Next_EveryPair_FollowsTheTable(TaskPhase phase, TaskEvent happening, bool hasVersion)
    {
        var expected = Possible
            .Where(p => (p.Item1, p.Item2) == (phase, happening))
            .Select(p => (TaskPhase?)(hasVersion ? p.Item4 : p.Item3))
            .SingleOrDefault();

        Assert.Equal(expected, TaskLifecycle.Next(phase, happening, hasVersion));
    }

    [Theory]
    [InlineData(VersionPhase.Ready, 0, 0, true)]
    [InlineData(VersionPhase.Ready, 3, 3, true)]
    [InlineData(VersionPhase.Rejected, 0, 0, false)]
    [InlineData(VersionPhase.Comparison, 0, 0, false)]
    [InlineData(VersionPhase.Ready, 0, 2, false)]
    [InlineData(VersionPhase.Ready, 2, 0, false)]
    public void Activates_OnlyAcceptedVersionsWhereNobodyActivatedAnother(
        VersionPhase phase,
        int activeNow,
        int activeAtStart,
        bool expected
    ) => Assert.Equal(expected, TaskLifecycle.Activates(phase, activeNow, activeAtStart));
}
