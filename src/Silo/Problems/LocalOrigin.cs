using System.Net;

namespace ComodCluster.Silo.Problems;

/// <summary>
/// Without keys, being on this machine is the only credential: a web page in a browser on it must not borrow that.
/// </summary>
public static class LocalOrigin
{
    public static IApplicationBuilder UseLocalOrigin(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                var host = context.Request.Host.Host;
                if (host.Length > 0 && !IsLocal(host))
                    await ProblemWriter.Write(
                        context,
                        new Refusal(
                            HttpCodes.OriginRefused,
                            StatusCodes.Status403Forbidden,
                            $"The silo answers only for this machine, not for host '{host}'; use its address "
                                + $"http://127.0.0.1:PORT."
                        )
                    );
                else if (context.Request.Headers["Sec-Fetch-Site"] == "cross-site")
                    await ProblemWriter.Write(
                        context,
                        new Refusal(
                            HttpCodes.OriginRefused,
                            StatusCodes.Status403Forbidden,
                            "The silo does not answer web pages of other sites; call it from a program on this machine."
                        )
                    );
                else
                    await next(context);
            }
        );

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}
