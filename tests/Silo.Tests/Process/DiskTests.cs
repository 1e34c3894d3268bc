using System.Net;
using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Process;

public class DiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FullDisk_Uploads507_NothingRegisteredAndTheSiloLivesOn()
    {
        using var mount = SmallMount.OrSkip("size=12m");
        await using var silo = await SiloProcess.Ready(mount.Path);
        await silo.Client.PutTinyTask("full");
        await silo.Client.PutTinyBackbone("spare");
        await silo.Client.PutTinyTask("spare-task");
        var before = Files(mount.Path);

        using var large = SiloCalls.Bytes(new byte[30_000_000], "application/zip");
        await (await silo.Client.PutAsync("/v1/datasets/large", large, Cancellation)).ShouldBeProblem(
            HttpStatusCode.InsufficientStorage,
            "storage-full"
        );
        await (await silo.Client.GetAsync("/v1/datasets/large", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        Assert.Equal(before, Files(mount.Path));

        // Not a byte is left, not even for a row.
        var filler = Path.Combine(mount.Path, "filler");
        Fill(filler);
        using var small = SiloCalls.Bytes(TinyWorld.Archive(), "application/zip");
        await (await silo.Client.PutAsync("/v1/datasets/small", small, Cancellation)).ShouldBeProblem(
            HttpStatusCode.InsufficientStorage,
            "storage-full"
        );
        await (await silo.Client.GetAsync("/health/ready", Cancellation)).ShouldBeProblem(
            HttpStatusCode.ServiceUnavailable,
            "starting-up"
        );
        Assert.Equal(HttpStatusCode.OK, (await silo.Client.GetAsync("/health/live", Cancellation)).StatusCode);
        Assert.Single((await silo.Client.Predicted("full", TinyWorld.Png(0, 1))).Predictions);
        Assert.Equal(
            ["full", "spare-task"],
            (await silo.Client.Get<Page<DatasetInfo>>("/v1/datasets")).Items.Select(d => d.Name)
        );

        // What makes room needs none.
        foreach (
            var path in new[] { "backbones/spare", "tasks/spare-task", "datasets/spare-task", "backbones/spare-task" }
        )
            Assert.Equal(
                HttpStatusCode.NoContent,
                (await silo.Client.DeleteAsync($"/v1/{path}", Cancellation)).StatusCode
            );

        File.Delete(filler);
        Assert.Equal(JobPhase.Succeeded, (await silo.Client.PutDataset("small", TinyWorld.Archive())).Phase);
        Assert.Equal(HttpStatusCode.OK, (await silo.Client.GetAsync("/health/ready", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task FullDisk_AnAdaptationThatEnds_WaitsForRoomAndThenSucceeds()
    {
        using var mount = SmallMount.OrSkip("size=12m");
        await using var silo = await SiloProcess.Ready(mount.Path);
        await silo.Client.PutTinyTask("full");
        var filler = Path.Combine(mount.Path, "filler");

        await (
            await silo.Client.PostJson(
                "/v1/tasks/full/adapt",
                new AdaptRequest
                {
                    Id = "waits",
                    Options = new MethodOptions { Steps = 200 },
                }
            )
        ).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        await silo.Client.When("waits", j => j.Trials is [{ Step: > 0 }, ..]);
        Fill(filler);
        var waits = await silo.Client.When(
            "waits",
            j => j.IsFinished || j.Activity?.StartsWith("waits: ", StringComparison.Ordinal) == true
        );
        Assert.False(waits.IsFinished);
        Assert.Contains("is full", waits.Activity);
        Assert.Single((await silo.Client.Predicted("full", TinyWorld.Png(0, 1))).Predictions);
        File.Delete(filler);

        var job = await silo.Client.End("waits");
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        Assert.Equal([1], job.Versions);
    }

    [Fact]
    public async Task Directory_GoneAndBack_IsSaidNothingIsLostAndJobsGoOn()
    {
        using var folder = new TempFolder();
        await using var silo = await SiloProcess.Ready(folder.Path);
        await silo.Client.PutTinyTask("gone");
        var (blobs, away) = (Path.Combine(folder.Path, "blobs"), Path.Combine(folder.Path, "away"));

        // Nothing in it matters.
        Directory.Delete(Path.Combine(folder.Path, "temporary"), recursive: true);
        await silo.Client.PutTinyBackbone("temporary");

        Directory.Move(blobs, away);
        await Refused("the folder of the blobs");
        await (
            await silo.Client.PostJson(
                "/v1/tasks/gone/adapt",
                new AdaptRequest { Id = "gone", Methods = [Method.Readout] }
            )
        ).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        var waits = await silo.Client.When(
            "gone",
            j => j.IsFinished || j.Activity?.StartsWith("waits: ", StringComparison.Ordinal) == true
        );
        Assert.False(waits.IsFinished, waits.Error?.Message);
        Directory.Move(away, blobs);
        Assert.Equal(HttpStatusCode.OK, (await silo.Client.GetAsync("/health/ready", Cancellation)).StatusCode);
        var job = await silo.Client.End("gone");
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));

        // The catalog's file is deleted and still open: what is written to it is lost with the process.
        foreach (var path in Directory.GetFiles(folder.Path))
            File.Delete(path);
        await Refused("the data directory");
        await (await silo.Client.DeleteAsync("/v1/tasks/gone", Cancellation)).ShouldBeProblem(
            HttpStatusCode.ServiceUnavailable,
            "storage-unavailable"
        );

        async Task Refused(string said)
        {
            var refusal = await (
                await silo.Client.PutAsync("/v1/backbones/lost", SiloCalls.Bytes(TinyWorld.Weights), Cancellation)
            ).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
            Assert.Contains("was deleted or unmounted", refusal, StringComparison.Ordinal);
            var missing = await (await silo.Client.GetAsync("/health/ready", Cancellation)).ShouldBeProblem(
                HttpStatusCode.ServiceUnavailable,
                "starting-up"
            );
            Assert.Contains(said, missing, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadOnlyDisk_Start_OneSentenceAndExitCode1()
    {
        using var mount = SmallMount.OrSkip("ro");
        var (exitCode, errors) = await SiloProcess.Fails("--data-dir", mount.Path, "--port", "0");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"comod silo: The data directory '{mount.Path}' cannot be written", errors);
        Assert.DoesNotContain("\n", errors);
    }

    private static string[] Files(string directory) =>
        [.. Directory.GetFiles(Path.Combine(directory, "blobs"), "*", SearchOption.AllDirectories).Order()];

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var block = new byte[4096]; ; )
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
