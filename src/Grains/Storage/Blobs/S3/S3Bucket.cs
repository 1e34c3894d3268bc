using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;

namespace ComodCluster.Grains.Storage.Blobs.S3;

/// <summary>
/// The requests that a depot makes. Every one that fails throws what <see cref="S3Faults"/> says, also where the server
/// falls silent.
/// </summary>
internal sealed class S3Bucket : IDisposable
{
    /// <summary>Larger files are sent in parts of this size, or of a ten-thousandth of their own.</summary>
    public const long PartBytes = 16 << 20;

    private const string WrittenKey = "comod-written",
        ContentType = "application/octet-stream";
    private const int BufferBytes = 1 << 17;

    // The longest silence; the SDK's own timeouts do not hold for asynchronous calls.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _bucket;
    private readonly bool _tls;
    private readonly S3Faults _faults;
    private readonly AmazonS3Client _client;
    private readonly TransferUtility _transfer;

    public S3Bucket(string bucket, S3Options options)
    {
        _bucket = bucket;
        _tls = options.Endpoint?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) != true;
        _faults = new S3Faults(bucket, options.Endpoint is null ? "Amazon S3" : options.Endpoint.TrimEnd('/'));
        try
        {
            var config = ConfigOf(options);
            _client = options.AccessKey is null
                ? new AmazonS3Client(config)
                : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
        }
        catch (Exception e) when (_faults.Of(e) is { } fault)
        {
            throw fault;
        }
        _transfer = new TransferUtility(
            _client,
            new TransferUtilityConfig { MinSizeBeforePartUpload = 1, ConcurrentServiceRequests = 4 }
        );
    }

    public Task Put(string key, string path, DateTimeOffset written, CancellationToken cancellation) =>
        Put(new PutObjectRequest { Key = key, FilePath = path }, written, cancellation);

    public Task Put(string key, byte[] content, DateTimeOffset written, CancellationToken cancellation) =>
        Put(new PutObjectRequest { Key = key, InputStream = new MemoryStream(content) }, written, cancellation);

    /// <summary>Gives up all parts where it fails.</summary>
    public Task PutInParts(string key, string path, CancellationToken cancellation) =>
        Ask(
            async patience =>
            {
                var request = new TransferUtilityUploadRequest
                {
                    BucketName = _bucket,
                    Key = key,
                    FilePath = path,
                    PartSize = PartBytes,
                    ContentType = ContentType,
                    DisablePayloadSigning = _tls,
                };
                request.UploadProgressEvent += (_, _) => patience.CancelAfter(Patience);
                await _transfer.UploadAsync(request, patience.Token).ConfigureAwait(false);
                return true;
            },
            cancellation
        );

    /// <summary>Null where there is no such object.</summary>
    public Task<S3Head?> Head(string key, CancellationToken cancellation) =>
        Ask<S3Head?>(
            async patience =>
            {
                try
                {
                    var head = await _client.GetObjectMetadataAsync(_bucket, key, patience.Token).ConfigureAwait(false);
                    DateTimeOffset? written = DateTimeOffset.TryParse(
                        head.Metadata[WrittenKey],
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.RoundtripKind,
                        out var time
                    )
                        ? time
                        : null;
                    return new(written, TimeOf(head.LastModified));
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellation
        );

    /// <summary>Copies an object's bytes.</summary>
    /// <returns>Their number and SHA-256, lower-case hexadecimal, or none where the SDK finds that they are not those
    /// that were stored; null where there is no such object.</returns>
    public Task<(long Length, string Digest)?> Get(string key, Stream to, CancellationToken cancellation) =>
        Ask<(long, string)?>(
            async patience =>
            {
                var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
                var (answered, length) = (false, 0L);
                try
                {
                    using var response = await _client
                        .GetObjectAsync(_bucket, key, patience.Token)
                        .ConfigureAwait(false);
                    answered = true;
                    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                    while (
                        await response.ResponseStream.ReadAsync(buffer, patience.Token).ConfigureAwait(false)
                            is > 0
                                and var read
                    )
                    {
                        patience.CancelAfter(Patience);
                        hash.AppendData(buffer, 0, read);
                        await to.WriteAsync(buffer.AsMemory(0, read), patience.Token).ConfigureAwait(false);
                        length += read;
                    }
                    return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
                }
                catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchKey")
                {
                    return null;
                }
                catch (AmazonClientException) when (answered)
                {
                    return (length, "");
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            },
            cancellation
        );

    /// <summary>Does nothing where there is no such object.</summary>
    public Task Delete(string key, CancellationToken cancellation) =>
        Ask(patience => _client.DeleteObjectAsync(_bucket, key, patience.Token), cancellation);

    /// <summary>A thousand keys at most, in order.</summary>
    /// <param name="after">The <c>Next</c> of the page before; null: the first page.</param>
    public Task<(IReadOnlyList<(string Key, long Length, DateTimeOffset Modified)> Keys, string? Next)> List(
        string prefix,
        string? after,
        CancellationToken cancellation
    ) =>
        Ask<(IReadOnlyList<(string, long, DateTimeOffset)>, string?)>(
            async patience =>
            {
                var page = await _client
                    .ListObjectsV2Async(
                        new ListObjectsV2Request
                        {
                            BucketName = _bucket,
                            Prefix = prefix,
                            ContinuationToken = after,
                        },
                        patience.Token
                    )
                    .ConfigureAwait(false);
                return (
                    [.. (page.S3Objects ?? []).Select(o => (o.Key, o.Size ?? 0, TimeOf(o.LastModified)))],
                    page.IsTruncated == true ? page.NextContinuationToken : null
                );
            },
            cancellation
        );

    public void Dispose()
    {
        _transfer.Dispose();
        _client.Dispose();
    }

    private Task Put(PutObjectRequest request, DateTimeOffset written, CancellationToken cancellation) =>
        Ask(
            patience =>
            {
                (request.BucketName, request.ContentType, request.DisablePayloadSigning) = (_bucket, ContentType, _tls);
                request.Metadata[WrittenKey] = written.ToString("O", CultureInfo.InvariantCulture);
                request.StreamTransferProgress += (_, _) => patience.CancelAfter(Patience);
                return _client.PutObjectAsync(request, patience.Token);
            },
            cancellation
        );

    private async Task<T> Ask<T>(Func<CancellationTokenSource, Task<T>> request, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await request(patience).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw _faults.Silent(e);
        }
        catch (Exception e) when (e is not OperationCanceledException && _faults.Of(e) is { } fault)
        {
            throw fault;
        }
    }

    private static AmazonS3Config ConfigOf(S3Options options)
    {
        var config = new AmazonS3Config { ConnectTimeout = TimeSpan.FromSeconds(5), MaxErrorRetry = 2 };
        if (options.Endpoint is { } endpoint)
        {
            (config.ServiceURL, config.AuthenticationRegion, config.ForcePathStyle) = (
                endpoint,
                options.Region ?? "us-east-1",
                options.PathStyle ?? true
            );
            // Compatible servers need not know checksums that come after the body.
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else
        {
            if (options.Region is { } region)
                config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
            config.ForcePathStyle = options.PathStyle ?? false;
        }
        return config;
    }

    private static DateTimeOffset TimeOf(DateTime? time) =>
        time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : DateTimeOffset.MinValue;
}
