namespace ComodCluster.Api.Tasks;

/// <summary>As the problem that a single registration answers with.</summary>
[GenerateSerializer, Alias("comod.TaskRefusal")]
public sealed record TaskRefusal([property: Id(0)] string Code, [property: Id(1)] string Message);
