using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Native;
using ComodCluster.Grains.Storage.Faults;
using Orleans.Runtime.Messaging;

namespace ComodCluster.Silo.Problems;

/// <summary>What each exception means to an HTTP client.</summary>
public static class ExceptionRefusal
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Null for an exception that nobody foresaw.</summary>
    public static Refusal? Of(Exception exception) =>
        exception switch
        {
            RefusalException { Refusal: var refusal } => refusal,
            ComodException refused => new(
                refused.Code,
                ErrorCatalog.StatusOf(refused.Code, refused.Status),
                refused.Message,
                WaitFor(refused.Status)
            )
            {
                Images = refused.Images,
            },
            InputException input => new(
                input.Code,
                ErrorCatalog.StatusOf(input.Code, StatusCodes.Status422UnprocessableEntity),
                input.Message
            ),
            BadHttpRequestException request => BadRequest.Of(request),
            InvalidMessageFrameException => new(
                ErrorCodes.UploadTooLarge,
                413,
                "The request, or its answer, is larger than a message between silos; ask for less at once."
            ),
            TimeoutException => new(HttpCodes.Unavailable, 503, "No worker answered in time; try again shortly.", Soon),
            OrleansMessageRejectionException or SiloUnavailableException or GatewayTooBusyException => new(
                HttpCodes.Unavailable,
                503,
                "The worker stopped or is starting; try again shortly.",
                Soon
            ),
            // A cluster without workers knows no class for the grain.
            ArgumentException { Message: var text }
                when text.StartsWith("Could not find an implementation", StringComparison.Ordinal) => new(
                HttpCodes.Unavailable,
                503,
                "No worker is alive; start a silo with the worker role.",
                Soon
            ),
            EngineBusyException busy => new(ErrorCodes.Busy, 429, busy.Message, busy.RetryAfter),
            DeviceMemoryException full => new(ErrorCodes.DeviceMemory, 503, full.Message),
            DeviceLostException lost => new(ErrorCodes.DeviceLost, 503, lost.Message, Soon),
            AggregateException { InnerExceptions: [var only] } => Of(only),
            _ => StorageFaults.Translate(exception) is { } fault ? Of(fault) : null,
        };

    private static TimeSpan? WaitFor(int status) => status is 429 or 503 ? Soon : null;
}
