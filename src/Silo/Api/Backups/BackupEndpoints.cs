using ComodCluster.Api.Backups;
using ComodCluster.Grains.Storage.Backup;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Backups;

/// <summary>For operators: backups of the cluster.</summary>
public static class BackupEndpoints
{
    public static void MapBackups(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/backups", Run)
            .WithName("runBackup")
            .WithTags("Backups")
            .WithSummary("Backs the cluster up into a directory of this machine, told as server-sent events")
            .WithDescription(
                "Everything that was acknowledged before the request is in it; the cluster serves meanwhile. Event "
                    + "`progress` carries how far it is, twice a second; event `done` or `failed` is the last. The "
                    + "backup ends with its request: what is copied by then is not copied again by the next one. One "
                    + "at a time."
            )
            .Refuses(400, 409, 422, 503, 507);

    private static async Task<ServerSentEventsResult<BackupProgress>> Run(
        BackupRequest request,
        BackupSource backups,
        HttpContext context,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<BackupEvents> logger,
        CancellationToken cancellation
    )
    {
        var run = await backups.Begin(request.Directory, request.Verify, cancellation);
        // Whatever becomes of the request, the cluster may delete blobs again after it.
        context.Response.RegisterForDisposeAsync(run);
        return TypedResults.ServerSentEvents(
            new BackupEvents(run, request.Directory, time, logger, lifetime.ApplicationStopping).Read(cancellation)
        );
    }
}
