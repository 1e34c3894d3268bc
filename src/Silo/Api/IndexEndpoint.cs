using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api;

public static class IndexEndpoint
{
    private static readonly ApiIndex Index = new(
        "comodcluster",
        typeof(IndexEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "0",
        new Dictionary<string, string>
        {
            ["backbones"] = "/v1/backbones",
            ["datasets"] = "/v1/datasets",
            ["tasks"] = "/v1/tasks",
            ["jobs"] = "/v1/jobs",
            ["workers"] = "/v1/workers",
            ["cluster"] = "/v1/cluster",
            ["openapi"] = "/openapi/v1.json",
            ["live"] = "/health/live",
            ["ready"] = "/health/ready",
            ["metrics"] = "/metrics",
        }
    );

    public static void MapIndex(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/", Ok<ApiIndex> () => TypedResults.Ok(Index))
            .WithTags("Index")
            .WithName("index")
            .WithSummary("What there is and where");
}
