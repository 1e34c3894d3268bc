using ComodCluster.Api.Workers;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Workers;

/// <summary>For operators: the workers of the cluster.</summary>
public static class WorkerEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder routes)
    {
        var workers = routes.MapGroup("/workers").WithTags("Workers");
        workers
            .MapGet("", Ok<IReadOnlyList<WorkerReport>> (WorkerList list) => TypedResults.Ok(list.All))
            .WithName("listWorkers")
            .WithSummary("Workers that are alive, by name");
        workers
            .MapPost("/{name}/drain", Drain)
            .WithName("drainWorker")
            .WithSummary("Empties a worker of its jobs")
            .WithDescription(
                "It takes no new work, its jobs store a checkpoint and go on elsewhere, and it answers predictions "
                    + "until it is stopped. The worker's report says when no job is left."
            )
            .Refuses(404, 503);
        workers
            .MapPost("/{name}/undrain", Undrain)
            .WithName("undrainWorker")
            .WithSummary("Takes a drain back")
            .WithDescription(
                "The worker takes jobs again, those that wait for a worker first. 409 where its process is stopping."
            )
            .Refuses(404, 409, 503);
    }

    private static async Task<Accepted<WorkerReport>> Drain(string name, WorkerList workers) =>
        TypedResults.Accepted("/v1/workers", await workers.Drain(name));

    private static async Task<Ok<WorkerReport>> Undrain(string name, WorkerList workers) =>
        TypedResults.Ok(await workers.Undrain(name));
}
