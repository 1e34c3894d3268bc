using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;
using ComodCluster.Lab.Chaos.Histories;

namespace ComodCluster.Lab.Chaos;

/// <summary>
/// Compares what was acknowledged with what is stored, once the cluster is whole again, and looks for an order in what
/// was asked of each task.
/// </summary>
internal sealed class ChaosCheck(ComodClient client, ChaosWorld world, Ledger ledger)
{
    /// <summary>Versions listed later begin with those listed earlier, bit for bit.</summary>
    public static void Appended(Ledger ledger, TaskRecord task, IReadOnlyList<VersionInfo> now)
    {
        if (now.Count < task.Versions.Count)
            ledger.Violation($"{task.Name} had {task.Versions.Count} versions and has {now.Count}");
        foreach (var (before, after) in task.Versions.Zip(now))
            if ((before.Version, before.Digest, before.Job) != (after.Version, after.Digest, after.Job))
                ledger.Violation($"version {before.Version} of {task.Name} has changed");
        for (var i = 0; i < now.Count; i++)
            if (now[i].Version != i + 1)
                ledger.Violation(
                    $"the versions of {task.Name} are numbered {string.Join(", ", now.Select(v => v.Version))}"
                );
        foreach (var twice in now.GroupBy(v => v.Job).Where(g => g.Count() > 1))
            ledger.Violation($"job {twice.Key} left {twice.Count()} versions of {task.Name}");
    }

    public async Task Run(CancellationToken cancellation)
    {
        var jobs = await Ended(cancellation);
        var asked = TaskHistory.Now;
        var stored = await client.Tasks.List(cancellation);
        foreach (var twice in stored.GroupBy(t => t.Spec.Name).Where(g => g.Count() > 1))
            ledger.Violation($"there are {twice.Count()} tasks {twice.Key}");
        var known = ledger.Tasks.ToDictionary(t => t.Name);
        foreach (var task in stored.Where(t => !known.ContainsKey(t.Spec.Name)))
            ledger.Violation($"nobody registered {task.Spec.Name}");
        foreach (var task in ledger.Tasks.Where(t => t.Uid is not null))
        {
            if (stored.FirstOrDefault(t => t.Spec.Name == task.Name) is not { } info)
                ledger.Violation($"{task.Name} was registered and is gone");
            else
                await Check(task, info, asked, jobs, cancellation);
        }
    }

    private async Task Check(
        TaskRecord task,
        TaskInfo info,
        double asked,
        IReadOnlyDictionary<string, JobInfo> jobs,
        CancellationToken cancellation
    )
    {
        if (info.Uid != task.Uid)
            ledger.Violation($"{task.Name} was registered as {task.Uid} and is {info.Uid}");
        if (info.Phase == TaskPhase.Adapting)
            ledger.Violation($"{task.Name} is adapting although no job of it is left");
        var versions = await client.Tasks.Versions(task.Name, cancellation);
        Appended(ledger, task, versions);
        foreach (var version in versions.Where(v => !task.Jobs.ContainsKey(v.Job)))
            ledger.Violation($"nobody asked for job {version.Job} of {task.Name}");
        foreach (var id in task.Jobs.Where(j => j.Value).Select(j => j.Key))
        {
            if (!jobs.TryGetValue(id, out var job))
                ledger.Violation($"job {id} was accepted and is gone");
            else if (job.Phase != JobPhase.Succeeded)
                ledger.Failed(job);
            else if (versions.All(v => v.Job != id))
                ledger.Violation($"job {id} succeeded and left no version");
        }
        task.History.Add(TaskVerb.ReadActive, info.ActiveVersion, asked, isAnswered: true);
        asked = TaskHistory.Now;
        var answer = await client.Tasks.Predict(task.Name, [world.Images[0]], cancellation);
        task.History.Add(TaskVerb.ReadActive, answer.Version, asked, isAnswered: true);
        foreach (var version in versions.Where(v => task.Jobs.ContainsKey(v.Job)))
            task.History.Ended(version.Job, version.Version);
        if (LinearOrder.Violation(task.History.Operations) is { } violation)
            ledger.Violation($"{task.Name}: {violation}");
    }

    /// <summary>All jobs, when none is left that has not ended.</summary>
    private async Task<IReadOnlyDictionary<string, JobInfo>> Ended(CancellationToken cancellation)
    {
        while (true)
        {
            var jobs = await client.Jobs.List(cancellation);
            if (jobs.All(j => j.IsFinished))
                return jobs.ToDictionary(j => j.Id);
            await Task.Delay(500, cancellation);
        }
    }
}
