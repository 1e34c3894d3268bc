namespace ComodCluster.Api.Tasks;

[GenerateSerializer, Alias("comod.TaskInfo")]
public sealed record TaskInfo
{
    [Id(0)]
    public required string Uid { get; init; }

    [Id(1)]
    public required TaskSpec Spec { get; init; }

    [Id(2)]
    public required TaskPhase Phase { get; init; }

    /// <summary>Classes in the order of the probabilities.</summary>
    [Id(3)]
    public required IReadOnlyList<string> Classes { get; init; }

    [Id(4)]
    public required ReadoutMode Readout { get; init; }

    /// <summary>0 is the base: the unmodulated backbone.</summary>
    [Id(5)]
    public required int ActiveVersion { get; init; }

    [Id(6)]
    public required int LatestVersion { get; init; }

    /// <summary>Why the task failed or its latest job did; null otherwise.</summary>
    [Id(7)]
    public string? Reason { get; init; }

    [Id(8)]
    public required DateTimeOffset Created { get; init; }
}
