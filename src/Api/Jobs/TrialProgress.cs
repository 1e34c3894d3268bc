using ComodCluster.Api.Tasks;

namespace ComodCluster.Api.Jobs;

/// <summary>One trial of an adaptation, a method with a seed, as a progress bar shows it.</summary>
[GenerateSerializer, Alias("comod.RowProgress")]
public sealed record TrialProgress
{
    [Id(0)]
    public required Method Method { get; init; }

    [Id(1)]
    public required int Seed { get; init; }

    [Id(2)]
    public required int Step { get; init; }

    [Id(3)]
    public required int Steps { get; init; }

    [Id(4)]
    public double? Loss { get; init; }

    /// <summary>Latest on held-out images, 0 to 1.</summary>
    [Id(5)]
    public double? Accuracy { get; init; }
}
