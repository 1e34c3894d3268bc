using System.Net;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

public class RestartTests
{
    [Fact]
    public async Task Kill_AfterAdaptation_NothingIsLostAndPredictionsAreIdentical()
    {
        using var folder = new TempFolder();
        byte[][] images = [TinyWorld.Png(0, 70), TinyWorld.Png(1, 70), TinyWorld.Png(2, 70)];
        PredictResponse before;
        await using (var first = await SiloProcess.Ready(folder.Path))
        {
            await first.Client.PutTinyTask("kept");
            Assert.Equal(
                JobPhase.Succeeded,
                (await first.Client.Adapted("kept", new AdaptRequest { Id = "kept-1" })).Phase
            );
            await (await first.Client.PostJson("/v1/tasks/kept/activate", new ActivateRequest(1))).ShouldBe<TaskInfo>(
                HttpStatusCode.OK
            );
            before = await first.Client.Predicted("kept", images);
            await first.Kill();
        }
        await using var second = await SiloProcess.Ready(folder.Path);
        var task = await second.Client.Get<TaskInfo>("/v1/tasks/kept");
        Assert.Equal((TaskPhase.Ready, 1), (task.Phase, task.ActiveVersion));
        var after = await second.Client.Predicted("kept", images);
        Assert.Equal(
            before.Predictions.SelectMany(p => p.Probabilities),
            after.Predictions.SelectMany(p => p.Probabilities)
        );
        Assert.Equal(JobPhase.Succeeded, (await second.Client.Get<JobInfo>("/v1/jobs/kept-1")).Phase);
    }

    [Fact]
    public async Task Kill_DuringAdaptation_TheJobGoesOnByItself()
    {
        using var folder = new TempFolder();
        await using (var first = await SiloProcess.Ready(folder.Path, "--Comod:Engine:CheckpointSeconds=0.2"))
        {
            await first.Client.PutTinyTask("resumed");
            var request = new AdaptRequest
            {
                Id = "resumed-1",
                Options = new MethodOptions { Steps = 400 },
            };
            await (await first.Client.PostJson("/v1/tasks/resumed/adapt", request)).ShouldBe<JobInfo>(
                HttpStatusCode.Accepted
            );
            await first.Client.When("resumed-1", j => j.Trials is [{ Step: > 0 }, ..]);
            await first.Kill();
        }
        await using var second = await SiloProcess.Ready(folder.Path);
        var last = (await second.Client.Events("resumed-1")).Last();
        Assert.Equal(("done", JobPhase.Succeeded, null), (last.EventType, last.Data.Phase, last.Data.Error));
        Assert.InRange(last.Data.Resumes, 1, 3);
        Assert.Equal([1], last.Data.Versions);
    }

    /// <summary>Its input might be what kills the silo: each time it comes later and more carefully.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3, Explicit = true, Traits = new[] { "Category", "Long" })] // after a pause of half a minute
    public async Task Kill_AgainAndAgainWithoutACheckpoint_TheJobPausesThenFails(int kills)
    {
        using var folder = new TempFolder();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var silo = await SiloProcess.Ready(folder.Path, "--Comod:Engine:CheckpointSeconds=3600");
            if (kill == 0)
            {
                await silo.Client.PutTinyTask("deadly");
                await (
                    await silo.Client.PostJson(
                        "/v1/tasks/deadly/adapt",
                        new AdaptRequest
                        {
                            Id = "deadly",
                            Options = new MethodOptions { Steps = 10_000 },
                        }
                    )
                ).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
            }
            var busy = await silo.Client.When("deadly", j => j.Trials is [{ Step: > 0 }, ..]);
            Assert.Equal((kill, null), (busy.Deaths, busy.Error));
            await silo.Kill();
        }
        await using var last = await SiloProcess.Ready(folder.Path);
        if (kills == 2)
        {
            var waiting = await last.Client.When("deadly", j => j.Deaths == 2);
            Assert.StartsWith("waits: its worker died 2 times while it ran; it goes on alone after", waiting.Activity);
            await last.Client.PostAsync("/v1/jobs/deadly/cancel", null, TestContext.Current.CancellationToken);
        }
        var end = await last.Client.End("deadly");

        Assert.Equal((kills == 2 ? JobPhase.Cancelled : JobPhase.Failed, kills), (end.Phase, end.Deaths));
        Assert.Equal(kills == 2 ? "cancelled" : "worker-died", end.Error?.Code);
        Assert.Equal(
            kills == 2 ? TaskPhase.Registered : TaskPhase.Failed,
            (await last.Client.Get<TaskInfo>("/v1/tasks/deadly")).Phase
        );
    }
}
