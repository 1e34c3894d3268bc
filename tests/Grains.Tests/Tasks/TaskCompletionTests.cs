using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Tasks;

namespace ComodCluster.Grains.Tests.Tasks;

public class TaskCompletionTests
{
    private static readonly StoredTask s_adapting = new()
    {
        Info = new()
        {
            Uid = "u",
            Spec = new()
            {
                Name = "cats",
                Backbone = "b",
                Dataset = "d",
            },
            Phase = TaskPhase.Adapting,
            Classes = ["cat", "dog"],
            Readout = ReadoutMode.Head,
            ActiveVersion = 0,
            LatestVersion = 0,
            Created = DateTimeOffset.UnixEpoch,
        },
        BackboneUid = "b",
        BackboneDigest = "b",
        DatasetUid = "d",
        DatasetDigest = "d",
        Labels = [0, 1],
        HeadRows = [0, 1],
        Attributes = false,
        Job = "job",
    };

    [Fact]
    public void EndedBefore_TheTaskWaitsForTheJob_IsNull() =>
        Assert.Null(TaskCompletion.EndedBefore(s_adapting, "job"));

    [Fact]
    public void EndedBefore_TheTaskTookItsFailure_GivesThatReason()
    {
        var failed = TaskCompletion.Of(
            s_adapting,
            new JobOutcome
            {
                Job = "job",
                Epoch = 1,
                ActiveVersionAtStart = 0,
                Error = new(ErrorCodes.Internal, "It broke."),
            },
            out _
        );
        Assert.Equal("It broke.", TaskCompletion.EndedBefore(failed, "job"));
    }

    [Fact]
    public void EndedBefore_TheTaskWaitsForAnotherJob_SaysSo() =>
        Assert.Contains(
            "The task 'cats' does not wait for this job any more",
            TaskCompletion.EndedBefore(s_adapting with { Job = "another" }, "job")
        );
}
