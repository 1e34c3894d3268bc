using Microsoft.AspNetCore.Mvc;

namespace ComodCluster.Silo.Problems;

/// <summary>
/// Writes refusals as <c>application/problem+json</c>, whatever the client accepts: an error without a body helps
/// nobody.
/// </summary>
public static class ProblemWriter
{
    public const string ContentType = "application/problem+json";

    public static async Task Write(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        if (refusal.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString();
        await context.Response.WriteAsJsonAsync(
            Of(context, refusal),
            options: null,
            ContentType,
            context.RequestAborted
        );
    }

    public static ProblemDetails Of(HttpContext context, Refusal refusal)
    {
        var problem = new ProblemDetails
        {
            Type = refusal.Type,
            Title = refusal.Title,
            Status = refusal.Status,
            Detail = Echo.Shortened(refusal.Detail),
            Instance = context.Request.Path,
            Extensions = { ["code"] = refusal.Code, ["traceId"] = context.TraceIdentifier },
        };
        if (refusal.Images is { } images)
            problem.Extensions["images"] = images;
        return problem;
    }
}
