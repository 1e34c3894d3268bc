using ComodCluster.Api.Tasks;
using Orleans.Concurrency;

namespace ComodCluster.Contracts.Tasks;

/// <summary>Registers many tasks in one transaction. Any key: it holds no state.</summary>
[Alias("comod.ITaskRegistrar")]
public interface ITaskRegistrar : IGrainWithIntegerKey
{
    /// <summary>
    /// One result per task, in the same order: a task that is refused keeps none of the others back. The same request
    /// again returns the tasks that are there.
    /// </summary>
    /// <exception cref="ComodException">request-invalid: no task, or more than
    /// <see cref="CreateTasksRequest.MaxTasks"/>; storage-unavailable: none is registered.</exception>
    [Alias("Create")]
    Task<IReadOnlyList<TaskRegistration>> Create(
        string tenant,
        Immutable<IReadOnlyList<TaskSpec>> specs,
        CancellationToken cancellation
    );
}
