using System.Net;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Api.Workers;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>Where tasks and jobs go among real workers.</summary>
public class BalanceTests(PostgresFixture postgres)
{
    private const int Tasks = 1000,
        Jobs = 64,
        Datasets = 6;

    [Fact]
    public async Task Burst_ThousandTasksAndManyJobs_EndsBalanced()
    {
        await using var cluster = await TestCluster.Start(await postgres.NewDatabase(), workers: 3);
        var client = cluster.Client;
        var first = await client.PutTinyTask("set-0");
        for (var i = 1; i < Datasets; i++)
            Assert.Null((await client.PutDataset($"set-{i}", TinyWorld.Archive())).Error);
        var specs = Enumerable
            .Range(0, Tasks)
            .Select(i => first.Spec with { Name = $"task-{i}", Dataset = $"set-{i % Datasets}" })
            .ToArray();

        await Parallel.ForEachAsync(
            specs,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (spec, _) =>
                await (await client.PostJson("/v1/tasks", spec)).ShouldBe<TaskInfo>(HttpStatusCode.Created)
        );
        await Parallel.ForEachAsync(
            specs.Take(Jobs),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (spec, _) =>
                await (
                    await client.PostJson(
                        $"/v1/tasks/{spec.Name}/adapt",
                        new AdaptRequest
                        {
                            Id = $"job-{spec.Name}",
                            Options = new MethodOptions { TestImages = 0 },
                        }
                    )
                ).ShouldBe<JobInfo>(HttpStatusCode.Accepted)
        );
        // They share batches, so that the first ends little before the last: told by the jobs themselves, however long
        // the machine takes for all.
        foreach (var spec in specs.Take(Jobs))
            Assert.Equal(JobPhase.Succeeded, (await client.Events($"job-{spec.Name}")).Last().Data.Phase);

        var workers = await cluster.Knows(3);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join("; ", workers.Select(w => $"{w.Name}: {w.Tasks} tasks, {w.EndedJobs} jobs"))
        );
        // The bound of placement is 1.25 times the mean; each silo that places knows the others' counts of a second
        // ago.
        Assert.All(workers, w => Assert.InRange(w.Tasks, 1, (int)(1.5 * Tasks / 3)));
        Assert.All(workers, w => Assert.InRange(w.EndedJobs, 1, Jobs * 2 / 3));
    }

    [Fact]
    public async Task AddWorker_WhileJobsWait_ItTakesSomeOver()
    {
        await using var cluster = await TestCluster.Start(
            await postgres.NewDatabase(),
            workers: 1,
            "--Comod:AdaptationsAtOnce=1"
        );
        var client = cluster.Client;
        var first = await client.PutTinyTask("task-0");
        string[] tasks = [.. Enumerable.Range(0, 8).Select(i => $"task-{i}")];
        foreach (var task in tasks.Skip(1))
            await (await client.PostJson("/v1/tasks", first.Spec with { Name = task })).ShouldBe<TaskInfo>(
                HttpStatusCode.Created
            );
        foreach (var task in tasks)
            await (
                await client.PostJson(
                    $"/v1/tasks/{task}/adapt",
                    new AdaptRequest
                    {
                        Id = $"job-{task}",
                        Options = new MethodOptions { Steps = 1000 },
                    }
                )
            ).ShouldBe<JobInfo>(HttpStatusCode.Accepted);

        await cluster.AddWorker("worker-2", "--Comod:AdaptationsAtOnce=1");
        await TestCluster.Until(
            () => client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"),
            w => w.Any(r => r is { Name: "worker-2", RunningJobs: > 0 })
        );

        foreach (var task in tasks)
            await client.PostAsync($"/v1/jobs/job-{task}/cancel", null, TestContext.Current.CancellationToken);
    }
}
