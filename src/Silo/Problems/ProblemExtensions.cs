namespace ComodCluster.Silo.Problems;

/// <summary>Problem details for every error: exceptions, unknown routes, methods and content types.</summary>
public static class ProblemExtensions
{
    public static IServiceCollection AddProblems(this IServiceCollection services) =>
        services
            .AddExceptionHandler<ProblemHandler>()
            .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask })
            .UseStatusCodePages(pages =>
                ProblemWriter.Write(
                    pages.HttpContext,
                    Refusal.OfStatus(pages.HttpContext, pages.HttpContext.Response.StatusCode)
                )
            );

    /// <summary>Declares the problems of a route in the OpenAPI document.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            route.ProducesProblem(status);
        return route;
    }
}
