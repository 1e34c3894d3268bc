using System.Buffers;
using System.Security.Cryptography;
using ComodCluster.Contracts;
using ComodCluster.Grains.Hosting;

namespace ComodCluster.Grains.Blobs;

/// <summary>Immutable blobs in files, named by digest, per tenant: <c>blobs/{tenant}/{ab}/{digest}</c>. A blob is whole or not there.</summary>
public sealed class BlobStore(DataDirectory directory, IBlobFiles files, IBlobLocks locks, TimeProvider time)
{
    private const int ChunkBytes = 1 << 17;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Stores a stream from its present position to its end.</summary>
    /// <param name="limit">Largest length, bytes; null: none.</param>
    /// <exception cref="ComodException">upload-too-large, storage-full, storage-unavailable; nothing of the blob remains then.</exception>
    public Task<StoredBlob> PutAsync(string tenant, Stream content, long? limit, CancellationToken cancellation) =>
        Put(tenant, (file, hash) => Copy(content, file, hash, limit, cancellation), cancellation);

    /// <exception cref="ComodException">storage-full, storage-unavailable; nothing of the blob remains then.</exception>
    public Task<StoredBlob> PutAsync(string tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        Put(tenant, async (file, hash) =>
        {
            hash.AppendData(content.Span);
            await file.WriteAsync(content, cancellation).ConfigureAwait(false);
            return content.Length;
        }, cancellation);

    /// <summary>Makes a finished file in the temporary directory a blob; the file is gone afterwards in any case.</summary>
    /// <param name="path">From <see cref="TemporaryPath"/>; already on the disk.</param>
    /// <exception cref="ComodException">storage-full, storage-unavailable.</exception>
    public async Task<StoredBlob> AdoptAsync(string tenant, string path, CancellationToken cancellation)
    {
        try
        {
            string digest;
            long length;
            await using (var file = files.OpenRead(path))
            {
                length = file.Length;
                digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false));
            }
            return await Name(tenant, path, digest, length, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault && !ReferenceEquals(fault, e))
        {
            throw fault;
        }
        finally
        {
            Discard(path);
        }
    }

    /// <summary>A file name that nobody uses, for a file that becomes a blob; what is left there is removed at the next start.</summary>
    public string TemporaryPath() => Path.Combine(directory.Temporary, Guid.NewGuid().ToString("N"));

    /// <summary>The bytes as they are on the disk, seekable and unverified: for formats that carry checksums of their own.</summary>
    /// <exception cref="ComodException">blob-damaged: it is missing.</exception>
    public Stream Open(string tenant, string digest, BlobUse? use = null)
    {
        try
        {
            return files.OpenRead(PathOf(tenant, digest));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Damaged(digest, "is missing", use, e);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>All bytes, compared with the digest.</summary>
    /// <exception cref="ComodException">blob-damaged: it is missing or its bytes have changed.</exception>
    public async Task<byte[]> ReadAllAsync(string tenant, string digest, CancellationToken cancellation, BlobUse? use = null)
    {
        await using var file = Open(tenant, digest, use);
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)file.Length));
        try
        {
            await file.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && StorageFaults.Translate(e) is { } fault)
        {
            throw fault;
        }
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == digest ? bytes : throw Changed(digest, use);
    }

    /// <summary>Deletes the blob unless it was stored again since: its bytes may belong to somebody else by now.</summary>
    /// <returns>Whether it is gone.</returns>
    public async Task<bool> Delete(string tenant, string digest, DateTimeOffset writtenBefore, CancellationToken cancellation)
    {
        var path = PathOf(tenant, digest);
        await using var held = await locks.Take(new(tenant, digest), cancellation).ConfigureAwait(false);
        if (files.Written(path) is not { } written) return true;
        if (written > writtenBefore) return false;
        files.Delete(path);
        return true;
    }

    /// <summary>Every blob with the time when it was stored last.</summary>
    public IEnumerable<(BlobAddress Address, DateTimeOffset Written)> All()
    {
        foreach (var path in files.All(directory.Blobs))
        {
            var parts = Path.GetRelativePath(directory.Blobs, path).Split(Path.DirectorySeparatorChar);
            if (parts.Length == 3 && IsDigest(parts[2]) && files.Written(path) is { } written) yield return (new(parts[0], parts[2]), written);
        }
    }

    /// <summary>Removes what an earlier process left half-written.</summary>
    public void ClearTemporary()
    {
        foreach (var path in files.All(directory.Temporary)) Discard(path);
    }

    private async Task<StoredBlob> Put(string tenant, Func<Stream, IncrementalHash, Task<long>> write, CancellationToken cancellation)
    {
        var temporary = TemporaryPath();
        try
        {
            cancellation.ThrowIfCancellationRequested();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length;
            await using (var file = files.Create(temporary))
            {
                length = await write(file, hash).ConfigureAwait(false);
                await file.FlushAsync(cancellation).ConfigureAwait(false);
                files.Sync(file);
            }
            return await Name(tenant, temporary, Convert.ToHexStringLower(hash.GetHashAndReset()), length, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (StorageFaults.Translate(e) is { } fault && !ReferenceEquals(fault, e))
        {
            throw fault;
        }
        finally
        {
            Discard(temporary);
        }
    }

    private async Task<StoredBlob> Name(string tenant, string path, string digest, long length, CancellationToken cancellation)
    {
        await using var held = await locks.Take(new(tenant, digest), cancellation).ConfigureAwait(false);
        var now = time.GetUtcNow();
        files.SetWritten(path, now);
        files.Move(path, PathOf(tenant, digest));
        return new(digest, length, now);
    }

    private static async Task<long> Copy(Stream content, Stream file, IncrementalHash hash, long? limit, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            long length = 0;
            while (await content.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
                if (length > limit)
                    throw new ComodException(ErrorCodes.UploadTooLarge, 413, $"The upload is larger than {limit} bytes; send a smaller one, or raise the server's limit.");
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

    private void Discard(string path)
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

    private string PathOf(string tenant, string digest) => Names.IsValid(tenant) && IsDigest(digest)
        ? Path.Combine(directory.Blobs, tenant, digest[..2], digest)
        : throw new ArgumentException($"'{tenant}/{digest}' names no blob.", nameof(digest));

    private static bool IsDigest(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary>For those who find out by checksums of their own that a blob is not what was stored.</summary>
    public static ComodException Changed(string digest, BlobUse? use, Exception? cause = null) => Damaged(digest, "has changed on the disk", use, cause);

    private static ComodException Damaged(string digest, string how, BlobUse? use, Exception? cause)
    {
        var (what, fix) = use ?? BlobUse.Unknown;
        return new(ErrorCodes.BlobDamaged, 503, $"{what} {how} (blob {digest[..12]}); {fix}.", cause);
    }
}
