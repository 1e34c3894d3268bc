using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using Microsoft.AspNetCore.WebUtilities;

namespace ComodCluster.Silo.Problems;

/// <summary>Why a request is not answered as asked: the content of an RFC 9457 problem.</summary>
/// <param name="Code">Stable: see <see cref="ErrorCodes"/> and <see cref="HttpCodes"/>.</param>
/// <param name="Detail">One sentence: cause and fix.</param>
/// <param name="RetryAfter">When the same request may succeed; null where it never will.</param>
public sealed record Refusal(string Code, int Status, string Detail, TimeSpan? RetryAfter = null)
{
    /// <summary>The images that are the cause; null elsewhere.</summary>
    public IReadOnlyList<ImageRefusal>? Images { get; init; }

    public string Type => $"urn:comod:problem:{Code}";

    public string Title => ReasonPhrases.GetReasonPhrase(Status);

    /// <summary>For an error status that the framework set without a body.</summary>
    public static Refusal OfStatus(HttpContext context, int status) =>
        status switch
        {
            StatusCodes.Status404NotFound => new(
                HttpCodes.RouteUnknown,
                status,
                $"There is nothing at {context.Request.Path}; the routes are listed in /openapi/v1.json."
            ),
            StatusCodes.Status405MethodNotAllowed => new(
                HttpCodes.MethodNotAllowed,
                status,
                $"{context.Request.Path} has no {context.Request.Method}; it has {context.Response.Headers.Allow}."
            ),
            StatusCodes.Status415UnsupportedMediaType => new(
                HttpCodes.MediaTypeUnsupported,
                status,
                UnsupportedMediaType(context)
            ),
            StatusCodes.Status413PayloadTooLarge => new(
                ErrorCodes.UploadTooLarge,
                status,
                "The body is larger than this route takes; send less."
            ),
            StatusCodes.Status503ServiceUnavailable => new(
                HttpCodes.Unavailable,
                status,
                "The silo cannot answer at the moment; try again shortly.",
                TimeSpan.FromSeconds(1)
            ),
            >= 500 => new(
                ErrorCodes.Internal,
                status,
                $"The silo failed; its log says more under trace {context.TraceIdentifier}."
            ),
            _ => new(
                ErrorCodes.RequestInvalid,
                status,
                $"The request cannot be read ({ReasonPhrases.GetReasonPhrase(status)}); see /openapi/v1.json for "
                    + $"what this route takes."
            ),
        };

    private static string UnsupportedMediaType(HttpContext context) =>
        context.Request.ContentType is { Length: > 0 } type
            ? $"{context.Request.Path} does not take {type}; see /openapi/v1.json for the content types that it takes."
            : $"{context.Request.Path} needs a Content-Type header; see /openapi/v1.json for the content types that "
                + $"it takes.";
}
