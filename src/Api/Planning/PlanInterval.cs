namespace ComodCluster.Api.Planning;

/// <summary>A number with the interval that holds it with about 95 %.</summary>
[GenerateSerializer, Alias("comod.PlanInterval")]
public sealed record PlanInterval(
    [property: Id(0)] double Value,
    [property: Id(1)] double Low,
    [property: Id(2)] double High
);
