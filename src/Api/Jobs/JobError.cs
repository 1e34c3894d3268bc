namespace ComodCluster.Api.Jobs;

[GenerateSerializer, Alias("comod.JobError")]
public sealed record JobError([property: Id(0)] string Code, [property: Id(1)] string Message);
