using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;
using ComodCluster.Lab.Chaos.Histories;

namespace ComodCluster.Lab.Chaos;

/// <summary>
/// Registers and adapts tasks, predicts and activates on those of all users, asks again what was not answered, and
/// notes what was acknowledged.
/// </summary>
internal sealed class ChaosUser(
    int number,
    Func<IReadOnlyList<Uri>> gateways,
    ChaosWorld world,
    Ledger ledger,
    Outages outages,
    int seed
)
{
    private const int MostTasks = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15),
        Pause = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(seed);
    private readonly List<TaskRecord> _tasks = [];

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (own, dice) = (Any(_tasks), _random.NextDouble());
            if (own is null || dice < 0.05 && _tasks.Count < MostTasks)
                await Register(stop);
            else if (dice < 0.4)
                await (own.Adapting ? Look(own, stop) : Adapt(own, stop));
            else if (Any([.. ledger.Tasks.Where(t => t.Uid is not null)]) is not { } task)
                continue;
            else if (dice < 0.5)
                await Activate(task, stop);
            else if (dice < 0.55)
                await Versions(task, stop);
            else if (dice < 0.6)
                await Get(task, stop);
            else
                await Predict(task, stop);
        }
    }

    private TaskRecord? Any(IReadOnlyList<TaskRecord> tasks) =>
        tasks.Count == 0 ? null : tasks[_random.Next(tasks.Count)];

    private async Task Register(CancellationToken stop)
    {
        var task = new TaskRecord($"user-{number}-{_tasks.Count}");
        ledger.Tasks.Add(task);
        var spec = new TaskSpec
        {
            Name = task.Name,
            Backbone = ChaosWorld.Backbone,
            Dataset = ChaosWorld.Dataset,
        };
        // Asked for again and again it must stay one task.
        if (await Insist("register", c => c.Tasks.Create(spec, stop), stop) is not { } info)
            return;
        task.Uid = info.Uid;
        _tasks.Add(task);
    }

    private async Task Adapt(TaskRecord task, CancellationToken stop)
    {
        var (id, asked) = ($"{task.Name}-{task.Jobs.Count}", TaskHistory.Now);
        task.Jobs[id] = false;
        task.Adapting = true;
        var request = new AdaptRequest
        {
            Id = id,
            Seeds = [task.Jobs.Count],
            Options = world.Options,
        };
        task.Jobs[id] = await Insist("adapt", c => c.Tasks.Adapt(task.Name, request, stop), stop) is not null;
        task.History.Adapted(id, asked, task.Jobs[id]);
    }

    /// <summary>Whether the task's job has ended, and what it left.</summary>
    private async Task Look(TaskRecord task, CancellationToken stop)
    {
        var id = task.Jobs.Keys.Last();
        if (await Insist("job", c => c.Jobs.Get(id, stop), stop) is not { IsFinished: true } job)
        {
            await Predict(task, stop);
            return;
        }
        task.History.Ended(id, job.Versions is [var made, ..] ? made : 0);
        if (job.Phase != JobPhase.Succeeded)
            ledger.Failed(job);
        if (await Versions(task, stop) is not { } versions)
            return;
        ChaosCheck.Appended(ledger, task, versions);
        (task.Versions, task.Adapting) = (versions, false);
    }

    private Task Activate(TaskRecord task, CancellationToken stop)
    {
        var version = _random.Next(task.Versions.Count + 1);
        return Insist(
            "activate",
            c => c.Tasks.Activate(task.Name, version, stop),
            stop,
            // An attempt without an answer may happen after a later one.
            (asked, answer) => task.History.Add(TaskVerb.Activate, version, asked, isAnswered: answer is not null)
        );
    }

    private async Task Predict(TaskRecord task, CancellationToken stop)
    {
        var image = world.Images[_random.Next(world.Images.Count)];
        if (
            await Read(
                "predict",
                c => c.Tasks.Predict(task.Name, [image], stop),
                task,
                TaskVerb.ReadActive,
                a => a.Version,
                stop
            )
            is not null
        )
            outages.Answered(task.Name);
    }

    private Task<TaskInfo?> Get(TaskRecord task, CancellationToken stop) =>
        Read("task", c => c.Tasks.Get(task.Name, stop), task, TaskVerb.ReadActive, t => t.ActiveVersion, stop);

    private Task<IReadOnlyList<VersionInfo>?> Versions(TaskRecord task, CancellationToken stop) =>
        Read("versions", c => c.Tasks.Versions(task.Name, stop), task, TaskVerb.ReadCount, v => v.Count, stop);

    private Task<T?> Read<T>(
        string operation,
        Func<ComodClient, Task<T>> ask,
        TaskRecord task,
        TaskVerb verb,
        Func<T, int> version,
        CancellationToken stop
    )
        where T : class =>
        Insist(
            operation,
            ask,
            stop,
            (asked, answer) =>
            {
                if (answer is not null)
                    task.History.Add(verb, version(answer), asked, isAnswered: true);
            }
        );

    /// <summary>Asks gateway after gateway until one acknowledges; null where the run is over before.</summary>
    /// <param name="heard">Is told of each attempt when it began, and its answer, if there is one.</param>
    private async Task<T?> Insist<T>(
        string operation,
        Func<ComodClient, Task<T>> ask,
        CancellationToken stop,
        Action<double, T?>? heard = null
    )
        where T : class
    {
        while (!stop.IsCancellationRequested)
        {
            if (gateways() is { Count: > 0 } addresses)
            {
                var asked = TaskHistory.Now;
                var answer = await Try(operation, ask, addresses[_random.Next(addresses.Count)], stop);
                heard?.Invoke(asked, answer);
                if (answer is not null)
                    return answer;
            }
            await Task.WhenAny(Task.Delay(Pause, stop));
        }
        return null;
    }

    private async Task<T?> Try<T>(string operation, Func<ComodClient, Task<T>> ask, Uri gateway, CancellationToken stop)
        where T : class
    {
        try
        {
            using var client = ComodClient.Connect(gateway, new() { Retries = 0 });
            var answer = await ask(client).WaitAsync(Patience, stop);
            ledger.Count(operation, done: true);
            return answer;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (e is TimeoutException or ComodApiException { Status: 0 or 429 or 503 or 507 })
        {
            ledger.Count(operation, done: false);
        }
        catch (ComodApiException e)
        {
            ledger.Count(operation, done: false);
            ledger.Violation($"{operation} was answered with {e.Status} {e.Code}: {e.Detail}");
        }
        return null;
    }
}
