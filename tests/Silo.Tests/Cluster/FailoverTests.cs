using System.Net;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Contracts.Workers;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

public class FailoverTests(PostgresFixture postgres)
{
    private const string Checkpoints = "--Comod:Engine:CheckpointSeconds=0.2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AWorkerThatAdapts_TheJobGoesOnElsewhereAndEndsBitIdentical()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 2, Checkpoints);
        var client = cluster.Client;
        await client.PutTinyTask("parts");
        var calm = await Digest(client, "parts", (await client.Adapted("parts", Request("calm"))).Versions[0]);

        await (await client.PostJson("/v1/tasks/parts/adapt", Request("killed"))).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        var busy = await Busy(client, "killed");
        await cluster.Workers[busy].Kill();
        var job = await TestCluster.Until(() => client.Get<JobInfo>("/v1/jobs/killed"), j => j.IsFinished);

        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        Assert.InRange(job.Resumes, 1, 3);
        Assert.Equal(calm, await Digest(client, "parts", job.Versions[0]));
        Assert.Single((await client.Predicted("parts", TinyWorld.Png(0, 90))).Predictions);
    }

    [Fact]
    public async Task Terminate_AWorkerThatAdapts_HandsItsJobOverAndPredictionsGoOn()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 2, Checkpoints);
        var client = cluster.Client;
        await client.PutTinyTask("parts");
        var calm = await Digest(client, "parts", (await client.Adapted("parts", Request("calm"))).Versions[0]);
        await (await client.PostJson("/v1/tasks/parts/adapt", Request("moved"))).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        var busy = await Busy(client, "moved");

        var stopping = cluster.Workers[busy].Terminate();
        var answers = 0;
        while (!stopping.IsCompleted || answers < 20)
        {
            Assert.Single((await client.Predicted("parts", TinyWorld.Png(0, 90))).Predictions);
            answers++;
        }

        Assert.Equal(0, await stopping);
        var job = await TestCluster.Until(() => client.Get<JobInfo>("/v1/jobs/moved"), j => j.IsFinished);
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        Assert.Equal(calm, await Digest(client, "parts", job.Versions[0]));
    }

    [Fact]
    public async Task Drain_AWorkerThatAdapts_ItsJobMovesAndNoneComes()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 2, Checkpoints);
        var client = cluster.Client;
        await client.PutTinyTask("parts");
        await (await client.PostJson("/v1/tasks/parts/adapt", Request("moved"))).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        var busy = await Busy(client, "moved");

        var drained = await (await client.PostAsync($"/v1/workers/{busy}/drain", null, Cancellation)).ShouldBe<WorkerReport>(HttpStatusCode.Accepted);
        var job = await TestCluster.Until(() => client.Get<JobInfo>("/v1/jobs/moved"), j => j.IsFinished);

        Assert.True(drained.Draining);
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        await (await cluster.Workers[busy].Client.GetAsync("/health/ready", Cancellation)).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "starting-up");
        Assert.Equal(JobPhase.Succeeded, (await client.Adapted("parts", Request("next"))).Phase);
        Assert.Equal(0, (await cluster.Knows(2)).Single(w => w.Name == busy).RunningJobs);
        await (await client.PostAsync("/v1/workers/nobody/drain", null, Cancellation)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Pause_AWorkerUntilAnotherTookOver_ItsWakingChangesNothing()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 2, Checkpoints);
        var client = cluster.Client;
        await client.PutTinyTask("parts");
        await (await client.PostJson("/v1/tasks/parts/adapt", Request("fenced"))).ShouldBe<JobInfo>(HttpStatusCode.Accepted);
        var busy = await Busy(client, "fenced");

        await cluster.Workers[busy].Pause();
        var job = await TestCluster.Until(() => client.Get<JobInfo>("/v1/jobs/fenced"), j => j.IsFinished);
        var before = await Stored(client);
        await cluster.Workers[busy].Resume();
        // It finds itself declared dead and ends; whatever it still tried is over then.
        await cluster.Workers[busy].Exit();

        Assert.Equal(JobPhase.Succeeded, job.Phase);
        Assert.Equal([1], job.Versions);
        Assert.Equal(before, await Stored(client));
    }

    [Fact]
    public async Task Gateway_WithoutWorkers_IsNotReadyAndAnswers503UntilOneComes()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 1);
        await cluster.Client.PutTinyTask("parts");
        await cluster.Workers["worker-1"].Kill();

        await TestCluster.Until(() => cluster.Client.GetAsync("/health/ready", Cancellation), r => r.StatusCode == HttpStatusCode.ServiceUnavailable);
        await (await cluster.Client.GetAsync("/v1/tasks/parts", Cancellation)).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        await cluster.AddWorker("worker-2");

        await TestCluster.Until(() => cluster.Client.GetAsync("/health/ready", Cancellation), r => r.StatusCode == HttpStatusCode.OK);
        Assert.Equal(0, (await TestCluster.Until(() => cluster.Client.Get<TaskInfo>("/v1/tasks/parts"), _ => true)).ActiveVersion);
    }

    [Fact]
    public async Task Start_NameOfALivingSiloOrForeignCluster_IsRefused()
    {
        var database = await postgres.NewDatabase();
        await using var cluster = await TestCluster.Start(database, workers: 1);
        using var folder = new TempFolder();

        var (sameName, named) = await SiloProcess.Fails(["--data", folder.Path, "--port", "0", .. cluster.Settings("worker-1", "worker")]);
        var (foreign, belongs) = await SiloProcess.Fails(["--data", folder.Path, "--port", "0", .. cluster.Settings("worker-2", "worker"), "--Comod:Cluster:Id=other"]);

        Assert.Equal((1, 1), (sameName, foreign));
        Assert.StartsWith("comod silo: A silo named 'worker-1' is alive at 127.0.0.1:", named);
        Assert.StartsWith("comod silo: The database belongs to the cluster 'comod', not to 'other'", belongs);
    }

    private static AdaptRequest Request(string id) => new() { Id = id, Options = new MethodOptions { Steps = 300 } };

    /// <summary>The worker that runs a job which has begun to step.</summary>
    private static async Task<string> Busy(HttpClient client, string job)
    {
        await TestCluster.Until(() => client.Get<JobInfo>($"/v1/jobs/{job}"), j => j.Rows is [{ Step: > 5 }, ..] || j.IsFinished);
        return (await TestCluster.Until(() => client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"), w => w.Any(r => r.RunningJobs > 0))).Single(r => r.RunningJobs > 0).Name;
    }

    private static async Task<string> Digest(HttpClient client, string task, int version) =>
        (await client.Get<IReadOnlyList<VersionInfo>>($"/v1/tasks/{task}/versions")).Single(v => v.Version == version).Digest;

    private static async Task<string> Stored(HttpClient client) =>
        await client.GetStringAsync("/v1/tasks/parts", Cancellation) + await client.GetStringAsync("/v1/tasks/parts/versions", Cancellation)
        + await client.GetStringAsync("/v1/jobs/fenced", Cancellation);
}
