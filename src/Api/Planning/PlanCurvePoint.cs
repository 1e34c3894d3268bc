namespace ComodCluster.Api.Planning;

[GenerateSerializer, Alias("comod.PlanCurvePoint")]
public sealed record PlanCurvePoint([property: Id(0)] int Examples, [property: Id(1)] PlanInterval Accuracy);
