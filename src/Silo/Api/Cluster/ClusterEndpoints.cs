using ComodCluster.Api.Cluster;
using ComodCluster.Grains.Cluster;
using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ComodCluster.Silo.Api.Cluster;

/// <summary>For operators: in which format the cluster stores records.</summary>
public static class ClusterEndpoints
{
    public static void MapCluster(this IEndpointRouteBuilder routes)
    {
        var cluster = routes.MapGroup("/cluster").WithTags("Cluster");
        cluster
            .MapGet("", Get)
            .WithName("getCluster")
            .WithSummary("The format of stored records, and what each silo knows")
            .Refuses(503);
        cluster
            .MapPost("/format", Raise)
            .WithName("raiseFormat")
            .WithSummary("Lets the cluster write a later format from now on")
            .WithDescription(
                "The last step of an upgrade, once every silo has the new build: a silo that cannot read the format "
                    + "is refused from then on. There is no way back."
            )
            .Refuses(400, 409, 422, 503);
    }

    private static async Task<Ok<ClusterInfo>> Get(ClusterFormat format, CancellationToken cancellation) =>
        TypedResults.Ok(await format.Get(cancellation));

    private static async Task<Ok<ClusterInfo>> Raise(
        FormatRequest request,
        ClusterFormat format,
        CancellationToken cancellation
    ) => TypedResults.Ok(await format.Raise(request, cancellation));
}
