using System.Text.RegularExpressions;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Silo.Problems;

namespace ComodCluster.Silo.Bodies;

/// <summary>
/// The digest that a client says its body has: <c>?digest=</c> in hexadecimal, or RFC 9530's Content-Digest.
/// </summary>
public static partial class ContentDigest
{
    public const string Header = "Content-Digest";

    /// <summary>SHA-256 in lower-case hexadecimal; null where the client says none.</summary>
    /// <exception cref="ComodException">request-invalid (400): not a SHA-256.</exception>
    public static string? OfQuery(string? query)
    {
        if (string.IsNullOrEmpty(query))
            return null;
        var hex = query.StartsWith("sha256:", StringComparison.OrdinalIgnoreCase) ? query[7..] : query;
        return hex.Length == 64 && hex.All(char.IsAsciiHexDigit)
            ? hex.ToLowerInvariant()
            : throw Invalid("digest is no SHA-256; write 64 hexadecimal digits.");
    }

    /// <inheritdoc cref="OfQuery"/>
    public static string? OfHeader(string? header)
    {
        if (string.IsNullOrEmpty(header))
            return null;
        var bytes = new byte[33];
        return
            Sha256().Match(header) is { Success: true } match
            && Convert.TryFromBase64String(match.Groups[1].Value, bytes, out var length)
            && length == 32
            ? Convert.ToHexStringLower(bytes.AsSpan(0, 32))
            : throw Invalid("Content-Digest has no SHA-256; write sha-256=:BASE64:.");
    }

    /// <param name="promised">From <see cref="OfQuery"/> or <see cref="OfHeader"/>.</param>
    /// <exception cref="ComodException">digest-mismatch (400).</exception>
    public static void Require(string? promised, string actual)
    {
        if (promised is not null && promised != actual)
            throw new ComodException(
                HttpCodes.DigestMismatch,
                StatusCodes.Status400BadRequest,
                $"The body has the SHA-256 {actual}, not {promised}; it was damaged on the way or is another file: "
                    + $"send it again."
            );
    }

    private static ComodException Invalid(string message) => new(ErrorCodes.RequestInvalid, 400, message);

    [GeneratedRegex("(?:^|[,\\s])sha-256=:([A-Za-z0-9+/=]+):")]
    private static partial Regex Sha256();
}
