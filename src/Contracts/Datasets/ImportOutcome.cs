using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Contracts.Datasets;

/// <summary>How an import ended; called by its job.</summary>
[GenerateSerializer, Alias("comod.ImportOutcome")]
public sealed record ImportOutcome
{
    [Id(0)]
    public required string Job { get; init; }

    [Id(1)]
    public string? Digest { get; init; }

    [Id(2)]
    public LabelKind? Labels { get; init; }

    [Id(3)]
    public IReadOnlyList<string> Classes { get; init; } = [];

    [Id(4)]
    public int TrainImages { get; init; }

    [Id(5)]
    public int TestImages { get; init; }

    [Id(6)]
    public long Bytes { get; init; }

    [Id(7)]
    public JobError? Error { get; init; }

    [Id(8)]
    public ImportReport? Report { get; init; }
}
