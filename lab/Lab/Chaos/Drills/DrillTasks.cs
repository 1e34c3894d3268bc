using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Client;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>Tasks that drills make.</summary>
internal static class DrillTasks
{
    public static Task<TaskInfo> Register(this ComodClient client, string name, CancellationToken cancellation) =>
        client.Tasks.Create(
            new()
            {
                Name = name,
                Backbone = ChaosWorld.Backbone,
                Dataset = ChaosWorld.Dataset,
            },
            cancellation
        );

    /// <summary>A job of so many steps that adapts a new task; its id is the task's name.</summary>
    public static async Task<JobInfo> Begin(
        this ComodClient client,
        string name,
        ChaosWorld world,
        int? steps,
        CancellationToken cancellation
    )
    {
        await client.Register(name, cancellation);
        return await client.Tasks.Adapt(
            name,
            new AdaptRequest { Id = name, Options = world.Options with { Steps = steps ?? world.Options.Steps } },
            cancellation
        );
    }

    public static async Task<JobInfo> Adapted(
        this ComodClient client,
        string name,
        ChaosWorld world,
        CancellationToken cancellation
    )
    {
        await client.Begin(name, world, steps: null, cancellation);
        return await client.Until(name, j => j.IsFinished, cancellation);
    }

    public static async Task<JobInfo> Until(
        this ComodClient client,
        string job,
        Func<JobInfo, bool> holds,
        CancellationToken cancellation
    )
    {
        JobInfo now;
        while (!holds(now = await client.Jobs.Get(job, cancellation)))
            await Task.Delay(50, cancellation);
        return now;
    }

    /// <summary>The status of a refusal; 200 where it is none.</summary>
    public static async Task<(int Status, string? Code)> Refusal(Func<Task> ask)
    {
        try
        {
            await ask();
            return (200, null);
        }
        catch (ComodApiException e)
        {
            return (e.Status, e.Code);
        }
    }
}
