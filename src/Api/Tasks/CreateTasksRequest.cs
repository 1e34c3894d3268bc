namespace ComodCluster.Api.Tasks;

/// <summary>Several tasks to register.</summary>
[GenerateSerializer, Alias("comod.CreateTasksRequest")]
public sealed record CreateTasksRequest([property: Id(0)] IReadOnlyList<TaskSpec> Tasks)
{
    /// <summary>Largest number of tasks in one request.</summary>
    public const int MaxTasks = 1000;
}
