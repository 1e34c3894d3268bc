using System.Net.ServerSentEvents;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Silo.Api.Conventions;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Jobs;

public static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("", List).WithName("listJobs").WithSummary("Jobs, newest last").Refuses(400);
        jobs.MapGet("/{id}", Get).WithName("getJob").WithSummary("One job").Refuses(404);
        jobs.MapGet("/{id}/events", Events)
            .WithName("watchJob")
            .WithSummary("Progress of a job as server-sent events")
            .WithDescription(
                "Event `progress` carries the job as it is, at once and after every change (and every 15 s without "
                    + "one); "
                    + "event `done` carries its last state and ends the stream. A stream that ends without `done` "
                    + "lost its silo: connect again."
            )
            .Refuses(404);
        jobs.MapPost("/{id}/pause", Pause)
            .WithName("pauseJob")
            .WithSummary("Stops a job after a last checkpoint; it keeps what it has done")
            .Refuses(404, 409);
        jobs.MapPost("/{id}/resume", Resume)
            .WithName("resumeJob")
            .WithSummary("Puts a paused job into the queue again")
            .Refuses(404, 409);
        jobs.MapPost("/{id}/cancel", Cancel)
            .WithName("cancelJob")
            .WithSummary("Ends a job; what it made so far is dropped")
            .Refuses(404, 409);
    }

    private static async Task<Ok<Page<JobInfo>>> List(
        Caller caller,
        CatalogReader catalog,
        CancellationToken cancellation,
        string? phase = null,
        string? after = null,
        int? limit = null
    )
    {
        var page = Paging.Of(after, limit);
        return TypedResults.Ok(
            await catalog.ListJobs(
                caller.Tenant,
                Spelling.ParseOptional<JobPhase>(phase, nameof(phase)),
                page.After,
                page.Limit,
                cancellation
            )
        );
    }

    private static async Task<Ok<JobInfo>> Get(
        string id,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) => TypedResults.Ok(await named.Job(caller.Tenant, id).Get(cancellation));

    private static async Task<ServerSentEventsResult<JobInfo>> Events(
        string id,
        Caller caller,
        HttpRequest request,
        NamedGrains named,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var job = named.Job(caller.Tenant, id);
        await job.Get(cancellation);
        return TypedResults.ServerSentEvents(
            HttpMethods.IsHead(request.Method)
                ? AsyncEnumerable.Empty<SseItem<JobInfo>>()
                : new JobEvents(job, time, lifetime.ApplicationStopping).Read(cancellation)
        );
    }

    private static async Task<Ok<JobInfo>> Pause(
        string id,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) => TypedResults.Ok(await named.Job(caller.Tenant, id).Pause(cancellation));

    private static async Task<Ok<JobInfo>> Resume(
        string id,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) => TypedResults.Ok(await named.Job(caller.Tenant, id).Unpause(cancellation));

    private static async Task<Ok<JobInfo>> Cancel(
        string id,
        Caller caller,
        NamedGrains named,
        CancellationToken cancellation
    ) => TypedResults.Ok(await named.Job(caller.Tenant, id).Cancel(cancellation));
}
