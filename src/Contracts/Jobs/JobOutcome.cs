using ComodCluster.Api.Jobs;

namespace ComodCluster.Contracts.Jobs;

/// <summary>How a task's job ended; exactly one of versions and error is there.</summary>
[GenerateSerializer, Alias("comod.JobOutcome")]
public sealed record JobOutcome
{
    [Id(0)]
    public required string Job { get; init; }

    [Id(1)]
    public required long Epoch { get; init; }

    [Id(2)]
    public required int ActiveVersionAtStart { get; init; }

    [Id(3)]
    public IReadOnlyList<NewVersion> Versions { get; init; } = [];

    /// <summary>Null on success; <c>cancelled</c> when a user ended it.</summary>
    [Id(4)]
    public JobError? Error { get; init; }
}
