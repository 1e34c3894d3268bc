using ComodCluster.Api;
using ComodCluster.Silo.Telemetry;
using Microsoft.AspNetCore.Diagnostics;

namespace ComodCluster.Silo.Problems;

/// <summary>
/// Every exception of a request becomes a problem; only those that nobody foresaw are logged as errors.
/// </summary>
public sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return true;
        }
        var refusal = ExceptionRefusal.Of(exception);
        if (refusal is null || refusal.Code == ErrorCodes.Internal)
            LogUnforeseen(httpContext.TraceIdentifier, httpContext.Request.Method, httpContext.Request.Path, exception);
        await ProblemWriter.Write(
            httpContext,
            refusal ?? Refusal.OfStatus(httpContext, StatusCodes.Status500InternalServerError)
        );
        return true;
    }

    [LoggerMessage(SiloEvents.RequestFailed, LogLevel.Error, "Trace {Trace}: {Method} {Path} failed.")]
    private partial void LogUnforeseen(string trace, string method, string path, Exception exception);
}
