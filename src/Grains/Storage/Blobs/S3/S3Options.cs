using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace ComodCluster.Grains.Storage.Blobs.S3;

/// <summary>Section <c>Comod:S3</c>: how a bucket is reached. A class, as a record would print its secret.</summary>
public sealed partial class S3Options
{
    private const string Scheme = "s3://";

    /// <summary>Server that speaks S3, <c>http(s)://host:port</c>; none: Amazon's for the region.</summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// Region; none: that of <c>AWS_REGION</c>, profile or instance, or <c>us-east-1</c> with an endpoint.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>
    /// Name of a key; none: that of <c>AWS_ACCESS_KEY_ID</c>, of the profile, or the role of the instance or container.
    /// </summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret of that key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>
    /// Whether the bucket's name stands in the path and not before the host; none: with an endpoint only.
    /// </summary>
    public bool? PathStyle { get; init; }

    /// <summary>Disk space for copies of blobs, below the data directory.</summary>
    [Range(0, double.PositiveInfinity)]
    public long CacheBytes { get; init; } = 16L << 30;

    public static bool IsBucket(string? blobs) =>
        blobs is not null && blobs.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <param name="blobs">That <see cref="Problem"/> finds nothing in: <c>s3://bucket/prefix</c>.</param>
    /// <returns>The prefix is empty or ends with a slash.</returns>
    public static (string Bucket, string Prefix) Parse(string blobs)
    {
        var (bucket, prefix) = blobs[Scheme.Length..].TrimEnd('/').Split('/', 2) is [var name, var path]
            ? (name, path + "/")
            : (blobs[Scheme.Length..].TrimEnd('/'), "");
        return (bucket, prefix);
    }

    /// <summary>The setting that cannot be used, and what to do; null: none.</summary>
    public (string Key, string Fix)? Problem(string? blobs)
    {
        if (!IsBucket(blobs))
            return blobs?.Contains("://", StringComparison.Ordinal) == true
                    ? ("Blobs", $"'{blobs}' is no address; name a directory or s3://bucket/prefix")
                : (Endpoint ?? Region ?? AccessKey ?? SecretKey) is not null
                    ? ("S3", "Comod:Blobs names no bucket; set it to s3://bucket/prefix, or leave the section out")
                : null;
        var (bucket, prefix) = Parse(blobs!);
        if (!BucketName().IsMatch(bucket))
            return (
                "Blobs",
                $"'{bucket}' is no name of a bucket; write s3://bucket/prefix with 3 to 63 lower-case letters, "
                    + $"digits, dots and hyphens for the bucket"
            );
        if (prefix.Length > 0 && !Prefix().IsMatch(prefix))
            return (
                "Blobs",
                "the prefix must be folders of letters, digits, '.', '_' and '-', separated by single slashes"
            );
        if (
            Endpoint is not null
            && !(
                Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https"
                && uri is { UserInfo: "", PathAndQuery: "/" }
            )
        )
            return (
                "S3:Endpoint",
                "write https://host:port without a path, and the keys into Comod:S3:AccessKey and Comod:S3:SecretKey"
            );
        if (AccessKey is null != SecretKey is null)
            return (
                AccessKey is null ? "S3:AccessKey" : "S3:SecretKey",
                "set both keys, or none to take those of the environment"
            );
        return CacheBytes >= 0 ? null : ("S3:CacheBytes", "take 0 or more");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketName();

    [GeneratedRegex(@"^(?:(?!\.{1,2}/)[A-Za-z0-9._-]+/)+$")]
    private static partial Regex Prefix();
}
