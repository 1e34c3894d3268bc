using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Faults;

namespace ComodCluster.Grains.Storage.Blobs.S3;

/// <summary>
/// What a failed request means to a caller. No text of the server or the SDK is passed on: it may repeat keys.
/// </summary>
internal sealed class S3Faults(string bucket, string server)
{
    private static readonly string[] Full =
    [
        "QuotaExceeded",
        "InsufficientStorage",
        "InsufficientCapacity",
        "XMinioStorageFull",
    ];
    private static readonly string[] OtherRegion =
    [
        "PermanentRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    ];

    /// <summary>Null for what neither the bucket, the network nor the disk of the copies caused.</summary>
    public ComodException? Of(Exception failure) =>
        failure switch
        {
            ComodException => null,
            _ when StorageFaults.Translate(failure) is { } disk => disk,
            AmazonServiceException { ErrorCode: "NoSuchBucket" } => Unavailable(
                $"There is no bucket '{bucket}' at {server}; create it, or set Comod:Blobs to another one.",
                failure
            ),
            AmazonServiceException { ErrorCode: var code } when OtherRegion.Contains(code) => Unavailable(
                $"The bucket '{bucket}' at {server} belongs to another region; set Comod:S3:Region to its own.",
                failure
            ),
            AmazonServiceException { ErrorCode: "RequestTimeTooSkewed" } => Unavailable(
                $"The clock of this machine differs from that of {server}; set it right.",
                failure
            ),
            AmazonServiceException { ErrorCode: var code } when Full.Contains(code) => OutOfSpace(failure),
            AmazonServiceException { StatusCode: HttpStatusCode.InsufficientStorage } => OutOfSpace(failure),
            AmazonServiceException
            {
                StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden,
                ErrorCode: var code
            } => Unavailable(
                $"Access to the bucket '{bucket}' at {server} is refused ({code}); check Comod:S3:AccessKey and "
                    + $"Comod:S3:SecretKey, or the keys of the environment, and that they may list, read, write and "
                    + $"delete.",
                failure
            ),
            AmazonServiceException { StatusCode: >= HttpStatusCode.BadRequest, ErrorCode: var code } => Unavailable(
                $"The bucket '{bucket}' at {server} cannot be used at the moment ({code}); see to that server, or "
                    + $"try again shortly.",
                failure
            ),
            _ when Has<HttpRequestException>(failure) || Has<SocketException>(failure) || failure is IOException =>
                Unreachable(failure),
            AmazonClientException => Unavailable(
                $"No keys or no region are known for the bucket '{bucket}'; set Comod:S3:AccessKey, "
                    + $"Comod:S3:SecretKey and Comod:S3:Region, or those of the environment.",
                failure
            ),
            _ => null,
        };

    public ComodException Silent(Exception failure) =>
        Unavailable($"{server} does not answer; see to that server and the network, or try again shortly.", failure);

    private ComodException Unreachable(Exception failure) =>
        Unavailable(
            $"{server} cannot be reached; check Comod:S3:Endpoint, that server and the network, or try again shortly.",
            failure
        );

    private ComodException OutOfSpace(Exception failure) =>
        new(
            ErrorCodes.StorageFull,
            507,
            $"The storage of the bucket '{bucket}' at {server} is full; free space there, then try again.",
            failure
        );

    private static ComodException Unavailable(string message, Exception failure) =>
        new(ErrorCodes.StorageUnavailable, 503, message, failure);

    private static bool Has<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is T)
                return true;
        return false;
    }
}
