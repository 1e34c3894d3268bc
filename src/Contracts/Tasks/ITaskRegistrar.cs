using Orleans.Concurrency;

namespace ComodCluster.Contracts.Tasks;

/// <summary>Registers many tasks in one transaction. Any key: it holds no state.</summary>
[Alias("comod.ITaskRegistrar")]
public interface ITaskRegistrar : IGrainWithIntegerKey
{
    /// <summary>Largest number of tasks in one call.</summary>
    const int MaxTasks = 1000;

    /// <summary>One result per task, in the same order: a task that is refused keeps none of the others back. The same request again returns the tasks that are there.</summary>
    /// <exception cref="ComodException">request-invalid: no task, or more than <see cref="MaxTasks"/>; storage-unavailable: none is registered.</exception>
    [Alias("Create")] Task<IReadOnlyList<TaskRegistration>> Create(string tenant, Immutable<IReadOnlyList<TaskSpec>> specs, CancellationToken cancellation);
}

/// <summary>Several tasks to register.</summary>
[GenerateSerializer, Alias("comod.CreateTasksRequest")]
public sealed record CreateTasksRequest([property: Id(0)] IReadOnlyList<TaskSpec> Tasks);

/// <summary>What became of one task: exactly one of task and error is there.</summary>
[GenerateSerializer, Alias("comod.TaskRegistration")]
public sealed record TaskRegistration
{
    [Id(0)] public required string Name { get; init; }
    [Id(1)] public TaskInfo? Task { get; init; }
    [Id(2)] public TaskRefusal? Error { get; init; }
}

/// <summary>As the problem that a single registration answers with.</summary>
[GenerateSerializer, Alias("comod.TaskRefusal")]
public sealed record TaskRefusal([property: Id(0)] string Code, [property: Id(1)] string Message);

[GenerateSerializer, Alias("comod.CreateTasksResponse")]
public sealed record CreateTasksResponse([property: Id(0)] IReadOnlyList<TaskRegistration> Results);
