using System.Diagnostics;
using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Client;

namespace ComodCluster.Lab.Chaos;

/// <summary>Adapts so many tasks without a fault, and again with each of the faults.</summary>
internal sealed class ScenarioRun(ChaosCluster cluster, ChaosWorld world, int tasks, Action<string> say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2),
        Pause = TimeSpan.FromMilliseconds(100);
    private static readonly MethodOptions Options = new()
    {
        Examples = 50,
        Steps = 30,
        TestImages = 0,
        Gate = GatePolicy.Off,
    };

    private readonly string[] _tasks = [.. Enumerable.Range(0, tasks).Select(i => $"task-{i}")];
    private int _refused,
        _answered;

    public async Task<IReadOnlyList<ScenarioResult>> Run(
        IReadOnlyList<Scenario> scenarios,
        CancellationToken cancellation
    )
    {
        await Each(
            async (client, task) =>
                await client.Tasks.Create(
                    new()
                    {
                        Name = task,
                        Backbone = ChaosWorld.Backbone,
                        Dataset = ChaosWorld.Dataset,
                    },
                    cancellation
                )
        );
        var clock = Stopwatch.StartNew();
        await Adapt("calm", cancellation);
        var calm = (await Ended("calm", cancellation)).ToDictionary(j => j.Subject, j => j.Digest);
        say($"{tasks} adaptations without a fault took {clock.Elapsed.TotalSeconds:0.0} s.");
        var results = new List<ScenarioResult>();
        foreach (var scenario in scenarios)
        {
            results.Add(await Run(scenario, calm, cancellation));
            say(
                $"{scenario.Name}: every task answered after {results[^1].AnswerSeconds:0.0} s, jobs ended after "
                    + $"{results[^1].JobSeconds:0.0} s."
            );
        }
        return results;
    }

    private async Task<ScenarioResult> Run(
        Scenario scenario,
        Dictionary<string, string?> calm,
        CancellationToken cancellation
    )
    {
        await Adapt(scenario.Name, cancellation);
        var steps = await Stepping(scenario.Name, cancellation);
        (_refused, _answered) = (0, 0);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var clock = Stopwatch.StartNew();
        await scenario.Cause(cluster);
        var ending = scenario.Lasts is { } lasts ? EndAfter(lasts) : Task.CompletedTask;
        await Task.WhenAll(_tasks.Select(t => Answer(t, cancellation)));
        var answered = clock.Elapsed.TotalSeconds;
        var (load, lost) = (Load(over.Token), Lost(scenario.Name, steps, over.Token));
        if (scenario.Lasts is null)
            await scenario.End(cluster);
        await ending;
        await cluster.Heal(cancellation);
        var jobs = await Ended(scenario.Name, cancellation);
        var ended = clock.Elapsed.TotalSeconds;
        await over.CancelAsync();
        await load;
        return new(
            scenario.Name,
            scenario.What,
            answered,
            _refused,
            _answered,
            ended,
            jobs.Sum(j => j.Resumes),
            await lost,
            jobs.Count(j => j.Digest is null),
            jobs.Count(j => j.Digest is { } d && d != calm[j.Subject])
        );

        async Task EndAfter(TimeSpan lasts)
        {
            await Task.Delay(lasts, cancellation);
            await scenario.End(cluster);
        }
    }

    private Task Adapt(string run, CancellationToken cancellation) =>
        Each(
            (client, task) =>
                client.Tasks.Adapt(
                    task,
                    new AdaptRequest
                    {
                        Id = $"{run}-{task}",
                        Seeds = [Array.IndexOf(_tasks, task)],
                        Options = Options,
                    },
                    cancellation
                )
        );

    /// <summary>Until every second job has begun to step.</summary>
    private async Task<int[]> Stepping(string run, CancellationToken cancellation)
    {
        using var client = Client();
        while (true)
        {
            var steps = await Steps(client, run, cancellation);
            if (steps.Count(s => s > 0) >= tasks / 2)
                return steps;
        }
    }

    /// <summary>Follows the jobs, from the given steps on, until it is over.</summary>
    private async Task<int> Lost(string run, int[] seen, CancellationToken over)
    {
        using var client = Client();
        var lost = 0;
        try
        {
            while (true)
            {
                var steps = await Steps(client, run, over);
                // A job that waits has no rows.
                lost = Math.Max(lost, seen.Zip(steps).Max(s => s.Second > 0 ? s.First - s.Second : 0));
                seen = [.. seen.Zip(steps, Math.Max)];
                await Task.Delay(Pause, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return lost;
        }
    }

    private async Task<int[]> Steps(ComodClient client, string run, CancellationToken cancellation)
    {
        var steps = new int[tasks];
        for (var i = 0; i < tasks; i++)
            steps[i] = (await client.Jobs.Get($"{run}-{_tasks[i]}", cancellation)).Rows is [{ } row, ..] ? row.Step : 0;
        return steps;
    }

    private async Task<IReadOnlyList<(string Subject, string? Digest, int Resumes)>> Ended(
        string run,
        CancellationToken cancellation
    )
    {
        using var client = Client();
        var ended = new List<(string, string?, int)>();
        foreach (var task in _tasks)
        {
            JobInfo job;
            while (!(job = await client.Jobs.Get($"{run}-{task}", cancellation)).IsFinished)
                await Task.Delay(Pause, cancellation);
            var versions = job.Versions.Count == 0 ? [] : await client.Tasks.Versions(task, cancellation);
            if (job.Versions.Count == 0)
                say($"{job.Id} ended as {Format.Name(job.Phase)}: {job.Error?.Message ?? "no reason is given"}");
            ended.Add((task, versions.FirstOrDefault(v => v.Job == job.Id)?.Digest, job.Resumes));
        }
        return ended;
    }

    private async Task Load(CancellationToken over)
    {
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            try
            {
                await Answer(_tasks[i % tasks], over);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Asks gateway after gateway until the task answers.</summary>
    private async Task Answer(string task, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (cluster.Addresses is { Count: > 0 } addresses)
                {
                    using var client = ComodClient.Connect(
                        addresses[Random.Shared.Next(addresses.Count)],
                        new() { Retries = 0 }
                    );
                    await client.Tasks.Predict(task, [world.Images[0]], cancellation).WaitAsync(Patience, cancellation);
                    Interlocked.Increment(ref _answered);
                    return;
                }
            }
            catch (Exception e) when (e is TimeoutException or ComodApiException { Status: 0 or 429 or 503 })
            {
                Interlocked.Increment(ref _refused);
            }
            await Task.Delay(Pause, cancellation);
        }
    }

    private async Task Each(Func<ComodClient, string, Task> ask)
    {
        using var client = Client();
        foreach (var task in _tasks)
            await ask(client, task);
    }

    private ComodClient Client() =>
        ComodClient.Connect(cluster.Addresses[^1], new() { Retries = 60, LongestWait = TimeSpan.FromSeconds(1) });
}
