namespace ComodCluster.Api.Tasks;

[GenerateSerializer, Alias("comod.CreateTasksResponse")]
public sealed record CreateTasksResponse([property: Id(0)] IReadOnlyList<TaskRegistration> Results);
