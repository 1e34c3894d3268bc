using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Client;

namespace ComodCluster.Lab.Chaos;

/// <summary>
/// Registers, adapts, predicts and activates, asks again what was not answered, and notes in the ledger what was
/// acknowledged.
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
            var task = _tasks.Count > 0 ? _tasks[_random.Next(_tasks.Count)] : null;
            var dice = _random.NextDouble();
            if (task is null || dice < 0.1 && _tasks.Count < MostTasks)
                await Register(stop);
            else if (task.Adapting)
                await Look(task, stop);
            else if (dice < 0.3)
                await Adapt(task, stop);
            else if (dice < 0.45 && task.Versions.Count > 0)
                await Activate(task, stop);
            else
                await Predict(task, stop);
        }
    }

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
        var id = $"{task.Name}-{task.Jobs.Count}";
        task.Jobs[id] = false;
        task.Adapting = true;
        task.Active.Add(task.Versions.Count + 1);
        var request = new AdaptRequest
        {
            Id = id,
            Seeds = [task.Jobs.Count],
            Options = world.Options,
        };
        if (await Insist("adapt", c => c.Tasks.Adapt(task.Name, request, stop), stop) is not null)
            task.Jobs[id] = true;
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
        if (job.Phase != JobPhase.Succeeded)
            ledger.Violation($"job {id} ended as {Format.Name(job.Phase)}: {job.Error?.Message}");
        if (await Insist("versions", c => c.Tasks.Versions(task.Name, stop), stop) is not { } versions)
            return;
        ChaosCheck.Appended(ledger, task, versions);
        (task.Versions, task.Adapting) = (versions, false);
        // The job's version became active, unless another was active than at its start, which this user does not do.
        task.Acknowledged(job.Versions.Count > 0 ? job.Versions[0] : task.Active.Min());
    }

    private async Task Activate(TaskRecord task, CancellationToken stop)
    {
        var version = _random.Next(task.Versions.Count + 1);
        task.Active.Add(version);
        if (await Insist("activate", c => c.Tasks.Activate(task.Name, version, stop), stop) is not null)
            task.Acknowledged(version);
    }

    private async Task Predict(TaskRecord task, CancellationToken stop)
    {
        if (
            await Insist(
                "predict",
                c => c.Tasks.Predict(task.Name, [world.Images[_random.Next(world.Images.Count)]], stop),
                stop
            )
            is not { } answer
        )
            return;
        outages.Answered(task.Name);
        if (!task.Active.Contains(answer.Version))
            ledger.Violation(
                $"{task.Name} answered with version {answer.Version}, and only {string.Join(", ", task.Active)} may "
                    + $"be active"
            );
    }

    /// <summary>Asks gateway after gateway until one acknowledges; null where the run is over before.</summary>
    private async Task<T?> Insist<T>(string operation, Func<ComodClient, Task<T>> ask, CancellationToken stop)
        where T : class
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var addresses = gateways();
                if (addresses.Count > 0)
                {
                    using var client = ComodClient.Connect(
                        addresses[_random.Next(addresses.Count)],
                        new() { Retries = 0 }
                    );
                    var answer = await ask(client).WaitAsync(Patience, stop);
                    ledger.Count(operation, done: true);
                    return answer;
                }
            }
            catch (ComodApiException e) when (e.Status is 0 or 429 or 503 or 507)
            {
                ledger.Count(operation, done: false);
            }
            catch (TimeoutException)
            {
                ledger.Count(operation, done: false);
            }
            catch (ComodApiException e)
            {
                ledger.Count(operation, done: false);
                ledger.Violation($"{operation} was answered with {e.Status} {e.Code}: {e.Detail}");
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            await Task.WhenAny(Task.Delay(Pause, stop));
        }
        return null;
    }
}
