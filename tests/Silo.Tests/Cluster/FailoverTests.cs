using System.Net;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Api.Workers;
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

    [Fact]
    public async Task Start_TwoSilosOfOneNameAtOnce_OneLivesAndTheOtherSaysWhoHasTheName()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 1);
        using TempFolder one = new(), two = new();

        await using var twin = SiloProcess.Begin(["--data", one.Path, "--port", "0", "--device", "cpu", "--threads", "1", .. cluster.Settings("twin", "worker")]);
        await using var other = SiloProcess.Begin(["--data", two.Path, "--port", "0", "--device", "cpu", "--threads", "1", .. cluster.Settings("twin", "worker")]);
        var refused = await Task.WhenAny(twin.Exit(), other.Exit()).Unwrap();
        var (lost, lives) = twin.HasExited ? (twin, other) : (other, twin);

        SiloProcess.OneSentence((refused, lost.Errors.TrimEnd()), 1, "A silo named 'twin' is alive at 127.0.0.1:");
        Assert.StartsWith("http://", await lives.Address);
    }

    [Fact]
    public async Task Gateways_ThatRaceForANameOrAnId_AgreeAndNoneRemembersWhatIsGone()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 1);
        await cluster.Client.PutTinyBackbone("parts");
        Assert.Null((await cluster.Client.PutDataset("parts", TinyWorld.Archive(20))).Error);
        HttpClient[] gateways = [cluster.Client, (await cluster.Add("second", "gateway")).Client];
        await TestCluster.Until(() => gateways[1].Get<IReadOnlyList<WorkerReport>>("/v1/workers"), w => w.Count == 1);
        var spec = new TaskSpec { Name = "raced", Backbone = "parts", Dataset = "parts", Options = new MethodOptions { Cut = "layer1", Grid = 4, Steps = 20, Batch = 8 } };

        var same = await Task.WhenAll(gateways.Select(g => g.PostJson("/v1/tasks", spec)));
        Assert.All(same, response => Assert.True(response.IsSuccessStatusCode));
        Assert.Single((await Task.WhenAll(gateways.Select(g => g.Get<TaskInfo>("/v1/tasks/raced")))).Select(t => t.Uid).Distinct());

        var different = await Task.WhenAll(gateways.Select((g, i) => g.PostJson("/v1/tasks", spec with { Name = "contested", Options = spec.Options with { Steps = 30 + i } })));
        await Assert.Single(different, r => !r.IsSuccessStatusCode).ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");

        var jobs = await Task.WhenAll(gateways.Select(g => g.Adapted("raced", new AdaptRequest { Id = "one-job" })));
        Assert.All(jobs, job => Assert.Equal((JobPhase.Succeeded, 1), (job.Phase, job.Versions.Single())));

        // Both gateways have predicted with the task that goes; a new one takes its name.
        foreach (var gateway in gateways) Assert.Equal(1, (await gateway.Predicted("raced", TinyWorld.Png(0, 90))).Version);
        Assert.Equal(HttpStatusCode.NoContent, (await gateways[0].DeleteAsync("/v1/tasks/raced", Cancellation)).StatusCode);
        await (await gateways[1].GetAsync("/v1/tasks/raced", Cancellation)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        await (await gateways[0].PostJson("/v1/tasks", spec)).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        foreach (var gateway in gateways) Assert.Equal(0, (await gateway.Predicted("raced", TinyWorld.Png(0, 90))).Version);
    }

    private static AdaptRequest Request(string id) => new() { Id = id, Options = new MethodOptions { Steps = 300 } };

    /// <summary>The worker that runs a job which has begun to step.</summary>
    private static async Task<string> Busy(HttpClient client, string job)
    {
        await TestCluster.Until(() => client.Get<JobInfo>($"/v1/jobs/{job}"), j => j.Trials is [{ Step: > 5 }, ..] || j.IsFinished);
        return (await TestCluster.Until(() => client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"), w => w.Any(r => r.RunningJobs > 0))).Single(r => r.RunningJobs > 0).Name;
    }

    private static async Task<string> Digest(HttpClient client, string task, int version) =>
        (await client.Get<IReadOnlyList<VersionInfo>>($"/v1/tasks/{task}/versions")).Single(v => v.Version == version).Digest;

    private static async Task<string> Stored(HttpClient client) =>
        await client.GetStringAsync("/v1/tasks/parts", Cancellation) + await client.GetStringAsync("/v1/tasks/parts/versions", Cancellation)
        + await client.GetStringAsync("/v1/jobs/fenced", Cancellation);
}
