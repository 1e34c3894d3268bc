namespace ComodCluster.Api.Tasks;

/// <summary>What is activated: a version of the task, or 0 for the base.</summary>
[GenerateSerializer, Alias("comod.ActivateRequest")]
public sealed record ActivateRequest([property: Id(0)] int Version);
