using ComodCluster.Api.Tasks;

namespace ComodCluster.Contracts.Jobs;

/// <summary>One version to append: what the engine made, its blob already stored.</summary>
[GenerateSerializer, Alias("comod.NewVersion")]
public sealed record NewVersion([property: Id(0)] VersionInfo Info, [property: Id(1)] bool Rejected)
{
    /// <summary>Evaluations during the adaptation, for plots.</summary>
    [Id(2)]
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];
}
