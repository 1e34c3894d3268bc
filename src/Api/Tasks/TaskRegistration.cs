namespace ComodCluster.Api.Tasks;

/// <summary>What became of one task: exactly one of task and error is there.</summary>
[GenerateSerializer, Alias("comod.TaskRegistration")]
public sealed record TaskRegistration
{
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public TaskInfo? Task { get; init; }

    [Id(2)]
    public TaskRefusal? Error { get; init; }
}
