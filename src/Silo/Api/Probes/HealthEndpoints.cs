using ComodCluster.Silo.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ComodCluster.Silo.Api.Probes;

public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health");
        health
            .MapGet("/live", Ok<Health> () => TypedResults.Ok(new Health("live")))
            .WithName("live")
            .WithSummary("The process answers")
            .WithDescription("From the first second; restart the process when this fails.");
        health
            .MapGet("/ready", Ready)
            .WithName("ready")
            .WithSummary("The process takes requests")
            .WithDescription(
                "503 with the list `missing` until the silo has joined, its storage can be written and the built-in "
                    + "backbones are registered."
            );
    }

    private static async Task<Results<Ok<Health>, JsonHttpResult<ProblemDetails>>> Ready(
        HttpContext context,
        Readiness readiness,
        CancellationToken cancellation
    )
    {
        var missing = await readiness.Missing(cancellation);
        if (missing.Count == 0)
            return TypedResults.Ok(new Health("ready"));
        var problem = ProblemWriter.Of(
            context,
            new Refusal(HttpCodes.StartingUp, 503, $"Not ready: {string.Join("; ", missing)}.")
        );
        problem.Extensions["missing"] = missing;
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Json(problem, contentType: ProblemWriter.ContentType, statusCode: 503);
    }
}
