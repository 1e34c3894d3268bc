namespace ComodCluster.Silo.Problems;

/// <summary>
/// Problem codes that only the HTTP layer has; the others are in <see cref="ComodCluster.Api.ErrorCodes"/>.
/// </summary>
public static class HttpCodes
{
    public const string RouteUnknown = "route-unknown";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string MediaTypeUnsupported = "media-type-unsupported";
    public const string OriginRefused = "origin-refused";
    public const string DigestMismatch = "digest-mismatch";
    public const string BodyTooSlow = "body-too-slow";
    public const string DeadlineExceeded = "deadline-exceeded";
    public const string Unavailable = "unavailable";
    public const string StartingUp = "starting-up";
}
