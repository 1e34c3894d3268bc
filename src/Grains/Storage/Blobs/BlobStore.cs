using System.Buffers;
using System.Security.Cryptography;
using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Storage.Faults;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// Immutable blobs, named by digest, per tenant. Each is a finished file in the temporary directory before the depot
/// gets it.
/// </summary>
public sealed class BlobStore(DataDirectory directory, IBlobFiles files, IBlobDepot depot, IBlobLocks locks)
{
    private const int ChunkBytes = 1 << 17;

    // Bytes of an upload from one look at the disk's room to the next.
    private const long BetweenLooks = 8 << 20;

    /// <summary>
    /// Receives what a client sends, as long as it leaves enough of the disk to what runs; what is not kept leaves
    /// nothing.
    /// </summary>
    /// <param name="length">Bytes that the client announces; null: unknown.</param>
    /// <inheritdoc cref="Receive(Stream, long?, CancellationToken)"/>
    public Task<ReceivedFile> ReceiveUpload(
        Stream content,
        long? length,
        long? limit,
        CancellationToken cancellation
    ) =>
        Receive(
            (file, hash) =>
            {
                RequireRoom(length ?? 0);
                return Copy(content, file, hash, limit, () => RequireRoom(0), cancellation);
            },
            cancellation
        );

    /// <summary>For work that nobody waits for and that could fill the disk.</summary>
    /// <param name="bytes">That are to come.</param>
    /// <exception cref="ComodException">storage-full</exception>
    public void RequireRoom(long bytes) => directory.Space.Require(bytes);

    /// <summary>Receives a stream from its present position to its end; what is not kept leaves nothing.</summary>
    /// <param name="limit">Largest length, bytes; null: none.</param>
    /// <exception cref="ComodException">upload-too-large, storage-full, storage-unavailable; nothing remains
    /// then.</exception>
    public Task<ReceivedFile> Receive(Stream content, long? limit, CancellationToken cancellation) =>
        Receive((file, hash) => Copy(content, file, hash, limit, () => { }, cancellation), cancellation);

    /// <summary>Stores a stream from its present position to its end.</summary>
    /// <inheritdoc cref="Receive(Stream, long?, CancellationToken)"/>
    public async Task<StoredBlob> PutAsync(
        TenantName tenant,
        Stream content,
        long? limit,
        CancellationToken cancellation
    )
    {
        await using var received = await Receive(content, limit, cancellation).ConfigureAwait(false);
        return await received.Keep(tenant, cancellation).ConfigureAwait(false);
    }

    /// <exception cref="ComodException">storage-full, storage-unavailable; nothing of the blob remains
    /// then.</exception>
    public async Task<StoredBlob> PutAsync(
        TenantName tenant,
        ReadOnlyMemory<byte> content,
        CancellationToken cancellation
    )
    {
        await using var received = await Receive([content], cancellation).ConfigureAwait(false);
        return await received.Keep(tenant, cancellation).ConfigureAwait(false);
    }

    /// <summary>Receives what is made here, piece by piece.</summary>
    /// <exception cref="ComodException">storage-full, storage-unavailable; nothing remains then, nor when
    /// <paramref name="content"/> throws.</exception>
    public Task<ReceivedFile> Receive(IEnumerable<ReadOnlyMemory<byte>> content, CancellationToken cancellation) =>
        Receive(
            async (file, hash) =>
            {
                var length = 0L;
                foreach (var part in content)
                {
                    hash.AppendData(part.Span);
                    await file.WriteAsync(part, cancellation).ConfigureAwait(false);
                    length += part.Length;
                }
                return length;
            },
            cancellation
        );

    /// <summary>
    /// Makes a finished file in the temporary directory a blob; the file is gone afterwards in any case.
    /// </summary>
    /// <param name="path">From <see cref="TemporaryPath"/>; already on the disk.</param>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    public async Task<StoredBlob> AdoptAsync(TenantName tenant, string path, CancellationToken cancellation)
    {
        await using var received = await Guarded(async () =>
            {
                try
                {
                    await using var file = files.OpenRead(path);
                    var digest = await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false);
                    return new ReceivedFile(this, path, Convert.ToHexStringLower(digest), file.Length);
                }
                catch
                {
                    Discard(path);
                    throw;
                }
            })
            .ConfigureAwait(false);
        return await received.Keep(tenant, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// A file name that nobody uses, for a file that becomes a blob; what is left there is removed at the next start.
    /// </summary>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public string TemporaryPath() => directory.TemporaryPath();

    /// <summary>
    /// The bytes as they are stored, seekable and unverified: for formats that carry checksums of their own.
    /// </summary>
    /// <exception cref="ComodException">blob-damaged: it is missing; storage-full, storage-unavailable.</exception>
    public async Task<Stream> OpenAsync(
        TenantName tenant,
        string digest,
        CancellationToken cancellation,
        BlobUse? use = null
    )
    {
        var blob = Address(tenant, digest);
        try
        {
            return await depot.Open(blob, cancellation).ConfigureAwait(false) ?? throw BlobFaults.Missing(digest, use);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault && !ReferenceEquals(fault, e))
        {
            throw fault;
        }
    }

    /// <summary>All bytes, compared with the digest.</summary>
    /// <exception cref="ComodException">blob-damaged: it is missing or its bytes have changed; storage-full,
    /// storage-unavailable.</exception>
    public async Task<byte[]> ReadAllAsync(
        TenantName tenant,
        string digest,
        CancellationToken cancellation,
        BlobUse? use = null
    )
    {
        while (true)
        {
            await using var file = await OpenAsync(tenant, digest, cancellation, use).ConfigureAwait(false);
            var bytes = GC.AllocateUninitializedArray<byte>(checked((int)file.Length));
            try
            {
                await file.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException && StorageFaults.Translate(e) is { } fault)
            {
                throw fault;
            }
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) == digest)
                return bytes;
            if (!depot.DropCopy(new(tenant, digest)))
                throw BlobFaults.Changed(digest, use);
        }
    }

    /// <inheritdoc cref="IBlobDepot.Delete"/>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public async Task<bool> Delete(
        TenantName tenant,
        string digest,
        DateTimeOffset writtenBefore,
        CancellationToken cancellation
    )
    {
        var blob = Address(tenant, digest);
        await using var held = await locks.Take(blob, cancellation).ConfigureAwait(false);
        return await depot.Delete(blob, writtenBefore, cancellation).ConfigureAwait(false);
    }

    /// <summary>Deletes the blob unless somebody stored it again since: its bytes may belong to others by
    /// now.</summary>
    /// <returns>Whether it is gone.</returns>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    /// <param name="kept"><see cref="StoredBlob.Kept"/>.</param>
    public async Task<bool> DeleteKept(
        TenantName tenant,
        string digest,
        DateTimeOffset kept,
        CancellationToken cancellation
    )
    {
        var blob = Address(tenant, digest);
        await using var held = await locks.Take(blob, cancellation).ConfigureAwait(false);
        return await depot.DeleteKept(blob, kept, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IBlobDepot.All"/>
    public IAsyncEnumerable<ListedBlob> All(CancellationToken cancellation) => depot.All(cancellation);

    /// <summary>Removes what an earlier process left half-written.</summary>
    public void ClearTemporary()
    {
        foreach (var path in files.All(directory.Temporary))
            Discard(path);
    }

    private Task<ReceivedFile> Receive(
        Func<Stream, IncrementalHash, Task<long>> write,
        CancellationToken cancellation
    ) =>
        Guarded(async () =>
        {
            var path = TemporaryPath();
            try
            {
                cancellation.ThrowIfCancellationRequested();
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                await using var file = files.Create(path);
                var length = await write(file, hash).ConfigureAwait(false);
                await file.FlushAsync(cancellation).ConfigureAwait(false);
                files.Sync(file);
                return new ReceivedFile(this, path, Convert.ToHexStringLower(hash.GetHashAndReset()), length);
            }
            catch
            {
                Discard(path);
                throw;
            }
        });

    /// <summary>Moves a finished file to where its blob belongs.</summary>
    internal Task<StoredBlob> Keep(TenantName tenant, ReceivedFile file, CancellationToken cancellation) =>
        Guarded(async () =>
        {
            var blob = Address(tenant, file.Digest);
            while (true)
            {
                await depot.Stage(blob, file.Path, file.Length, cancellation).ConfigureAwait(false);
                await using var held = await locks.Take(blob, cancellation).ConfigureAwait(false);
                if (await depot.Keep(blob, file.Path, file.Length, cancellation).ConfigureAwait(false) is { } kept)
                    return new StoredBlob(blob.Digest, file.Length, kept);
            }
        });

    private static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (FileNotFoundException e)
        {
            // Somebody took it from the temporary directory.
            throw StorageFaults.Unwritable(e);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault && !ReferenceEquals(fault, e))
        {
            throw fault;
        }
    }

    private static async Task<long> Copy(
        Stream content,
        Stream file,
        IncrementalHash hash,
        long? limit,
        Action checkRoom,
        CancellationToken cancellation
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long length = 0,
                looked = 0;
            while (await content.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
                if (length - looked >= BetweenLooks)
                {
                    looked = length;
                    checkRoom();
                }
                if (length > limit)
                    throw new ComodException(
                        ErrorCodes.UploadTooLarge,
                        413,
                        $"The upload is larger than {limit} bytes; send a smaller one, or raise the server's limit."
                    );
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal void Discard(string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that cannot be written keeps the file until the next start.
        }
    }

    private static BlobAddress Address(TenantName tenant, string digest) =>
        new BlobAddress(tenant, digest) is { IsValid: true } blob
            ? blob
            : throw new ArgumentException($"'{tenant}/{digest}' names no blob.", nameof(digest));
}
