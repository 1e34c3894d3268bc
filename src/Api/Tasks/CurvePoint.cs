namespace ComodCluster.Api.Tasks;

/// <summary>One evaluation during an adaptation.</summary>
[GenerateSerializer, Alias("comod.CurvePoint")]
public sealed record CurvePoint(
    [property: Id(0)] int Step,
    [property: Id(1)] double Loss,
    [property: Id(2)] double HeldOutLoss,
    [property: Id(3)] double HeldOutAccuracy
);
