using System.Net;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Api.Workers;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class FailoverTests(SharedCluster shared, PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_AWorkerThatAdapts_TheJobGoesOnElsewhereAndEndsBitIdentical()
    {
        var cluster = await shared.Whole();
        var client = cluster.Client;
        await client.PutTinyTask("killed");
        var calm = await Digest(client, "killed", (await client.Adapted("killed", Request("killed-calm"))).Versions[0]);

        var busy = await Busy(cluster, "killed");
        await cluster.Workers[busy].Kill();
        var job = await client.End("killed");

        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        Assert.InRange(job.Resumes, 1, 3);
        Assert.Equal(calm, await Digest(client, "killed", job.Versions[0]));
        Assert.Single((await client.Predicted("killed", TinyWorld.Png(0, 90))).Predictions);
    }

    [Fact]
    public async Task Terminate_AWorkerThatAdapts_HandsItsJobOverAndPredictionsGoOn()
    {
        var cluster = await shared.Whole();
        var client = cluster.Client;
        await client.PutTinyTask("stopped");
        var calm = await Digest(
            client,
            "stopped",
            (await client.Adapted("stopped", Request("stopped-calm"))).Versions[0]
        );
        var busy = await Busy(cluster, "stopped");

        var stopping = cluster.Workers[busy].Terminate();
        var answers = 0;
        using var rate = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!stopping.IsCompleted || answers < 20)
        {
            Assert.Single((await client.Predicted("stopped", TinyWorld.Png(0, 90))).Predictions);
            answers++;
            await rate.WaitForNextTickAsync(Cancellation);
        }

        Assert.Equal(0, await stopping);
        var job = await client.End("stopped");
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        Assert.Equal(calm, await Digest(client, "stopped", job.Versions[0]));
    }

    [Fact]
    public async Task Drain_AWorkerThatAdapts_ItsJobMovesAndNoneComes()
    {
        var cluster = await shared.Whole();
        var client = cluster.Client;
        await client.PutTinyTask("moved");
        var busy = await Busy(cluster, "moved");

        var drained = await (
            await client.PostAsync($"/v1/workers/{busy}/drain", null, Cancellation)
        ).ShouldBe<WorkerReport>(HttpStatusCode.Accepted);
        var job = await client.End("moved");

        Assert.True(drained.Draining);
        Assert.Equal((JobPhase.Succeeded, null), (job.Phase, job.Error));
        await (await cluster.Workers[busy].Client.GetAsync("/health/ready", Cancellation)).ShouldBeProblem(
            HttpStatusCode.ServiceUnavailable,
            "starting-up"
        );
        Assert.Equal(JobPhase.Succeeded, (await client.Adapted("moved", Request("next"))).Phase);
        Assert.Equal(0, (await cluster.Knows(2)).Single(w => w.Name == busy).RunningJobs);
        await (await client.PostAsync("/v1/workers/nobody/drain", null, Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        await cluster.Workers[busy].Terminate();
    }

    [Fact]
    public async Task Undrain_AfterAllWorkersDrain_TheJobThatSaidWhyItWaitsGoesOn()
    {
        var cluster = await shared.Whole();
        var client = cluster.Client;
        await client.PutTinyTask("kept");
        string[] workers = [.. cluster.Workers.Keys];
        foreach (var worker in workers)
            await Change(worker, "drain", HttpStatusCode.Accepted);
        await TestCluster.Until(
            () => client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"),
            w => w.All(r => r.Draining)
        );

        await (await client.PostJson("/v1/tasks/kept/adapt", Request("kept"))).ShouldBe<JobInfo>(
            HttpStatusCode.Accepted
        );
        await client.When("kept", j => j.Activity == "waits: no worker takes jobs: all drain");
        foreach (var worker in workers)
            Assert.False((await Change(worker, "undrain", HttpStatusCode.OK)).Draining);

        Assert.Equal(JobPhase.Succeeded, (await client.End("kept")).Phase);
        foreach (var worker in cluster.Workers.Values)
            Assert.Equal(HttpStatusCode.OK, (await worker.Client.GetAsync("/health/ready", Cancellation)).StatusCode);
        await (await client.PostAsync("/v1/workers/nobody/undrain", null, Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );

        async Task<WorkerReport> Change(string worker, string verb, HttpStatusCode status) =>
            await (await client.PostAsync($"/v1/workers/{worker}/{verb}", null, Cancellation)).ShouldBe<WorkerReport>(
                status
            );
    }

    [Fact]
    public async Task Pause_AWorkerUntilAnotherTookOver_ItsWakingChangesNothing()
    {
        var cluster = await shared.Whole();
        var client = cluster.Client;
        await client.PutTinyTask("fenced");
        var busy = await Busy(cluster, "fenced");

        await cluster.Workers[busy].Pause();
        var job = await client.End("fenced");
        var before = await Stored(client);
        await cluster.Workers[busy].Resume();
        // It finds itself declared dead and ends; whatever it still tried is over then.
        await cluster.Workers[busy].Exit();

        // It hung and did not die: nothing is held against its job.
        Assert.Equal((JobPhase.Succeeded, 0), (job.Phase, job.Deaths));
        Assert.Equal([1], job.Versions);
        Assert.Equal(before, await Stored(client));
    }

    [Fact]
    public async Task Gateway_WithoutWorkers_IsNotReadyAndAnswers503UntilOneComes()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 1);
        await cluster.Client.PutTinyTask("parts");
        await cluster.Workers["worker-1"].Kill();

        await TestCluster.Until(
            () => cluster.Client.GetAsync("/health/ready", Cancellation),
            r => r.StatusCode == HttpStatusCode.ServiceUnavailable
        );
        await (await cluster.Client.GetAsync("/v1/tasks/parts", Cancellation)).ShouldBeProblem(
            HttpStatusCode.ServiceUnavailable,
            "unavailable"
        );
        await cluster.AddWorker("worker-2");

        await TestCluster.Until(
            () => cluster.Client.GetAsync("/health/ready", Cancellation),
            r => r.StatusCode == HttpStatusCode.OK
        );
        Assert.Equal(
            0,
            (await TestCluster.Until(() => cluster.Client.Get<TaskInfo>("/v1/tasks/parts"), _ => true)).ActiveVersion
        );
    }

    [Fact]
    public async Task Start_NameOfALivingSiloOrForeignCluster_IsRefused()
    {
        var cluster = await shared.Whole();
        var living = cluster.Workers.Keys.First();
        using var folder = new TempFolder();

        var (sameName, named) = await SiloProcess.Fails([
            "--data-dir",
            folder.Path,
            "--port",
            "0",
            .. cluster.Settings(living, "worker"),
        ]);
        var (foreign, belongs) = await SiloProcess.Fails([
            "--data-dir",
            folder.Path,
            "--port",
            "0",
            .. cluster.Settings("foreign", "worker"),
            "--Comod:Cluster:Id=other",
        ]);

        Assert.Equal((1, 1), (sameName, foreign));
        Assert.StartsWith($"comod silo: A silo named '{living}' is alive at 127.0.0.1:", named);
        Assert.StartsWith("comod silo: The database belongs to the cluster 'comod', not to 'other'", belongs);
    }

    [Fact]
    public async Task Start_TwoSilosOfOneNameAtOnce_OneLivesAndTheOtherSaysWhoHasTheName()
    {
        var cluster = await shared.Whole();
        using TempFolder one = new(),
            two = new();

        await using var twin = SiloProcess.Begin([
            "--data-dir",
            one.Path,
            "--port",
            "0",
            "--device",
            "cpu",
            "--threads",
            "1",
            .. cluster.Settings("twin", "worker"),
        ]);
        await using var other = SiloProcess.Begin([
            "--data-dir",
            two.Path,
            "--port",
            "0",
            "--device",
            "cpu",
            "--threads",
            "1",
            .. cluster.Settings("twin", "worker"),
        ]);
        var refused = await Task.WhenAny(twin.Exit(), other.Exit()).Unwrap();
        var (lost, lives) = twin.HasExited ? (twin, other) : (other, twin);

        SiloProcess.OneSentence((refused, lost.Errors.TrimEnd()), 1, "A silo named 'twin' is alive at 127.0.0.1:");
        Assert.StartsWith("http://", await lives.Address);
        await lives.Terminate();
    }

    [Fact]
    public async Task Gateways_ThatRaceForANameOrAnId_AgreeAndNoneRemembersWhatIsGone()
    {
        var cluster = await shared.Whole();
        await cluster.Client.PutTinyBackbone("raced");
        Assert.Null((await cluster.Client.PutDataset("raced", TinyWorld.Archive(20))).Error);
        var second = await cluster.Add("second", "gateway");
        HttpClient[] gateways = [cluster.Client, second.Client];
        await TestCluster.Until(() => gateways[1].Get<IReadOnlyList<WorkerReport>>("/v1/workers"), w => w.Count == 2);
        var spec = new TaskSpec
        {
            Name = "raced",
            Backbone = "raced",
            Dataset = "raced",
            Options = new MethodOptions
            {
                Cut = "layer1",
                Grid = 4,
                Steps = 20,
                Batch = 8,
            },
        };

        var same = await Task.WhenAll(gateways.Select(g => g.PostJson("/v1/tasks", spec)));
        Assert.All(same, response => Assert.True(response.IsSuccessStatusCode));
        Assert.Single(
            (await Task.WhenAll(gateways.Select(g => g.Get<TaskInfo>("/v1/tasks/raced")))).Select(t => t.Uid).Distinct()
        );

        var different = await Task.WhenAll(
            gateways.Select(
                (g, i) =>
                    g.PostJson(
                        "/v1/tasks",
                        spec with
                        {
                            Name = "contested",
                            Options = spec.Options with { Steps = 30 + i },
                        }
                    )
            )
        );
        await Assert
            .Single(different, r => !r.IsSuccessStatusCode)
            .ShouldBeProblem(HttpStatusCode.Conflict, "name-taken");

        var jobs = await Task.WhenAll(gateways.Select(g => g.Adapted("raced", new AdaptRequest { Id = "one-job" })));
        Assert.All(jobs, job => Assert.Equal((JobPhase.Succeeded, 1), (job.Phase, job.Versions.Single())));

        // Both gateways have predicted with the task that goes; a new one takes its name.
        foreach (var gateway in gateways)
            Assert.Equal(1, (await gateway.Predicted("raced", TinyWorld.Png(0, 90))).Version);
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await gateways[0].DeleteAsync("/v1/tasks/raced", Cancellation)).StatusCode
        );
        await (await gateways[1].GetAsync("/v1/tasks/raced", Cancellation)).ShouldBeProblem(
            HttpStatusCode.NotFound,
            "not-found"
        );
        await (await gateways[0].PostJson("/v1/tasks", spec)).ShouldBe<TaskInfo>(HttpStatusCode.Created);
        foreach (var gateway in gateways)
            Assert.Equal(0, (await gateway.Predicted("raced", TinyWorld.Png(0, 90))).Version);
        await second.Terminate();
    }

    private static AdaptRequest Request(string id) =>
        new()
        {
            Id = id,
            Options = new MethodOptions { Steps = 300 },
        };

    /// <summary>Adapts a task by a job of the same name.</summary>
    /// <returns>The worker that runs it, once it steps.</returns>
    private static async Task<string> Busy(TestCluster cluster, string task)
    {
        // What the gateway hears of its workers is up to a second old.
        await cluster.Idle(2);
        var client = cluster.Client;
        await (await client.PostJson($"/v1/tasks/{task}/adapt", Request(task))).ShouldBe<JobInfo>(
            HttpStatusCode.Accepted
        );
        await client.When(task, j => j.Trials is [{ Step: > 5 }, ..]);
        return (
            await TestCluster.Until(
                () => client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"),
                w => w.Any(r => r.RunningJobs > 0)
            )
        )
            .Single(r => r.RunningJobs > 0)
            .Name;
    }

    private static async Task<string> Digest(HttpClient client, string task, int version) =>
        (await client.Get<IReadOnlyList<VersionInfo>>($"/v1/tasks/{task}/versions"))
            .Single(v => v.Version == version)
            .Digest;

    private static async Task<string> Stored(HttpClient client) =>
        await client.GetStringAsync("/v1/tasks/fenced", Cancellation)
        + await client.GetStringAsync("/v1/tasks/fenced/versions", Cancellation)
        + await client.GetStringAsync("/v1/jobs/fenced", Cancellation);
}
