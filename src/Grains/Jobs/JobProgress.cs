using ComodCluster.Api.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>Where a run is; see <see cref="JobInfo"/>.</summary>
[GenerateSerializer, Immutable, Alias("comod.JobProgress")]
internal sealed record JobProgress
{
    [Id(0)]
    public required double Fraction { get; init; }

    [Id(1)]
    public string? Activity { get; init; }

    [Id(2)]
    public double? ImagesPerSecond { get; init; }

    [Id(3)]
    public double? SecondsLeft { get; init; }

    [Id(4)]
    public double? Loss { get; init; }

    [Id(5)]
    public double? Accuracy { get; init; }

    [Id(6)]
    public IReadOnlyList<TrialProgress> Trials { get; init; } = [];
}
