using ComodCluster.Api.Tasks;

namespace ComodCluster.Api.Planning;

[GenerateSerializer, Alias("comod.PlanRecommendation")]
public sealed record PlanRecommendation
{
    [Id(0)]
    public required Method Method { get; init; }

    [Id(1)]
    public required string Cut { get; init; }

    [Id(2)]
    public required double Sigma { get; init; }

    [Id(3)]
    public required int Steps { get; init; }

    /// <summary>A sentence each.</summary>
    [Id(4)]
    public required IReadOnlyList<string> Reasons { get; init; }
}
