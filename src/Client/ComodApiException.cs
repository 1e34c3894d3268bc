using System.Net;
using ComodCluster.Api.Tasks;

namespace ComodCluster.Client;

/// <summary>The server refused a request, or nothing answered.</summary>
public sealed class ComodApiException : Exception
{
    /// <summary>Code where no server answered at the address.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Code of an answer that is not a problem of this API, such as a proxy's page.</summary>
    public const string Unexpected = "unexpected-answer";

    public ComodApiException(string code, int status, string detail, Exception? inner = null)
        : base(detail, inner)
    {
        Code = code;
        Status = status;
    }

    /// <summary>
    /// Stable and lower-case: one of <see cref="ComodCluster.Api.ErrorCodes"/>, a code of the engine,
    /// <see cref="Unreachable"/> or <see cref="Unexpected"/>.
    /// </summary>
    public string Code { get; }

    /// <summary>HTTP status; 0 where no server answered.</summary>
    public int Status { get; }

    /// <summary>One sentence: cause and fix.</summary>
    public string Detail => Message;

    /// <summary>The images of a prediction that cannot be used; empty where they are not the cause.</summary>
    public IReadOnlyList<ImageRefusal> Images { get; init; } = [];

    internal static ComodApiException NoServer(Uri? address, HttpRequestException inner) =>
        inner.HttpRequestError switch
        {
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => new(
                Unreachable,
                0,
                $"Nothing answers at {address}: check the address and that the silo runs.",
                inner
            ),
            _ => Broken(address, inner),
        };

    internal static ComodApiException Broken(Uri? address, Exception? inner) =>
        new(
            Unreachable,
            0,
            $"The connection to {address} broke: see whether the silo still runs, then do the same again.",
            inner
        );

    internal static ComodApiException NotUnderstood(HttpStatusCode status, string what, Exception? inner = null) =>
        new(
            Unexpected,
            (int)status,
            $"The answer was {(int)status} {what}, which is not of this API: check that the address is a silo of "
                + $"the same version.",
            inner
        );
}
