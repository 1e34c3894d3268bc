namespace ComodCluster.Silo.Api.Conventions;

/// <summary>What HTTP asks of every route (RFC 9110, 9.3).</summary>
public static class HttpConventions
{
    private static readonly object AskedForHead = new();

    /// <summary>
    /// HEAD finds the route of GET, whose handler sees that it is HEAD; the server sends no body. OPTIONS is answered
    /// with what the route has, and so is a method that it has not.
    /// </summary>
    public static IApplicationBuilder UseRoutingOfAllMethods(this IApplicationBuilder app)
    {
        app.Use(
            async (context, next) =>
            {
                if (HttpMethods.IsHead(context.Request.Method))
                {
                    context.Items[AskedForHead] = true;
                    context.Request.Method = HttpMethods.Get;
                }
                await next(context);
                if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
                    TellMethods(context);
            }
        );
        app.UseRouting();
        return app.Use(
            (context, next) =>
            {
                if (context.Items.ContainsKey(AskedForHead))
                    context.Request.Method = HttpMethods.Head;
                return next(context);
            }
        );
    }

    private static void TellMethods(HttpContext context)
    {
        var allowed = context.Response.Headers.Allow.ToString();
        if (allowed.Split(", ").Contains(HttpMethods.Get))
            allowed += $", {HttpMethods.Head}";
        context.Response.Headers.Allow = $"{allowed}, {HttpMethods.Options}";
        if (HttpMethods.IsOptions(context.Request.Method))
            context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
