using System.Net;

namespace ComodCluster.Silo.Problems;

/// <summary>
/// Without keys, being on this machine is the only credential: a web page in a browser on it must not borrow that.
/// </summary>
public static class LocalOrigin
{
    public static IApplicationBuilder UseLocalOrigin(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                Fault(context.Request) is { } fault
                    ? ProblemWriter.Write(
                        context,
                        new Refusal(HttpCodes.OriginRefused, StatusCodes.Status403Forbidden, fault)
                    )
                    : next(context)
        );

    private static string? Fault(HttpRequest request)
    {
        var host = request.Host.Host;
        if (host.Length > 0 && !IsLocal(host))
            return $"The silo answers only for this machine, not for host '{host}'; use its address "
                + $"http://127.0.0.1:PORT.";
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (Is(site, "cross-site") || !IsSafe(request.Method) && (Is(site, "same-site") || IsForeign(request)))
            return "The silo does not answer web pages of other sites; call it from a program on this machine.";
        return null;
    }

    /// <summary>Changes nothing, and no page of another origin can read the answer.</summary>
    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>Browsers send the origin of the page with every change; programs send none.</summary>
    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin is { Count: > 0 } origin && !Is(origin.ToString(), $"{request.Scheme}://{request.Host}");

    private static bool Is(string header, string value) => header.Equals(value, StringComparison.OrdinalIgnoreCase);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}
