using System.Runtime.CompilerServices;
using System.Text;
using ComodCluster.Grains.Storage.Disk;

namespace ComodCluster.Grains.Storage.Blobs.S3;

/// <summary>
/// Blobs as objects <c>{prefix}{tenant}/{digest}</c> of a bucket, read through copies on this machine's disk;
/// condemnations are objects <c>{prefix}.condemned/{tenant}/{digest}</c>. An object that is sent in parts is dated when
/// the sending begins, so the date of an empty object beside it, <c>{digest}.written</c>, is when it was stored.
/// </summary>
public sealed class S3Depot : IBlobDepot, IDisposable
{
    private const string Marker = "comod-blobs",
        Clock = "comod-clock",
        Condemnations = ".condemned/",
        Beside = ".written";

    private readonly DataDirectory _directory;
    private readonly IBlobFiles _files;
    private readonly TimeProvider _time;
    private readonly string _place,
        _prefix;
    private readonly S3Bucket _bucket;
    private readonly BlobCache _cache;

    // One download of a blob at a time: the others find its copy.
    private readonly ProcessBlobLocks _downloads = new();

    /// <param name="blobs"><c>s3://bucket/prefix</c></param>
    public S3Depot(string blobs, S3Options options, DataDirectory directory, IBlobFiles files, TimeProvider time)
    {
        (_place, _directory, _files, _time) = (blobs, directory, files, time);
        (var bucket, _prefix) = S3Options.Parse(blobs);
        _bucket = new S3Bucket(bucket, options);
        _cache = new BlobCache(files, directory.BlobCache, options.CacheBytes);
    }

    /// <summary>Lists, and writes the marker of a prefix that holds blobs.</summary>
    public async Task Verify(CancellationToken cancellation)
    {
        await _bucket.List(_prefix, null, cancellation).ConfigureAwait(false);
        await _bucket.Put(_prefix + Marker, [], _time.GetUtcNow(), cancellation).ConfigureAwait(false);
    }

    public string Place => $"bucket of the blobs '{_place}'";

    public async Task<string?> ReadNote(string name, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        return await _bucket.Get(_prefix + name, text, cancellation).ConfigureAwait(false) is null
            ? null
            : Encoding.UTF8.GetString(text.ToArray()).Trim();
    }

    public Task WriteNote(string name, string text, CancellationToken cancellation) =>
        _bucket.Put(_prefix + name, Encoding.UTF8.GetBytes(text + "\n"), _time.GetUtcNow(), cancellation);

    public Task Stage(BlobAddress blob, string path, long length, CancellationToken cancellation) =>
        length > S3Bucket.PartBytes ? _bucket.PutInParts(KeyOf(blob), path, cancellation) : Task.CompletedTask;

    public async Task<DateTimeOffset?> Keep(BlobAddress blob, string path, long length, CancellationToken cancellation)
    {
        var (key, kept) = (KeyOf(blob), _time.GetUtcNow());
        if (length <= S3Bucket.PartBytes)
        {
            await _bucket.Put(key, path, kept, cancellation).ConfigureAwait(false);
        }
        else
        {
            if (await _bucket.Head(key, cancellation).ConfigureAwait(false) is null)
                return null;
            await _bucket.Put(key + Beside, [], kept, cancellation).ConfigureAwait(false);
        }
        _cache.Add(blob, path, length);
        return kept;
    }

    public async Task<Stream?> Open(BlobAddress blob, CancellationToken cancellation)
    {
        if (_cache.Open(blob) is { } copy)
            return copy;
        await using var held = await _downloads.Take(blob, cancellation).ConfigureAwait(false);
        return _cache.Open(blob)
            ?? await _cache.OpenUnchecked(blob, cancellation).ConfigureAwait(false)
            ?? await Download(blob, cancellation).ConfigureAwait(false);
    }

    public async Task<bool> CopyTo(BlobAddress blob, Stream to, CancellationToken cancellation) =>
        await _bucket.Get(KeyOf(blob), to, cancellation).ConfigureAwait(false) is not null;

    public bool DropCopy(BlobAddress blob) => _cache.Remove(blob);

    public async Task<DateTimeOffset> Now(CancellationToken cancellation)
    {
        await _bucket.Put(_prefix + Clock, [], _time.GetUtcNow(), cancellation).ConfigureAwait(false);
        return (await _bucket.Head(_prefix + Clock, cancellation).ConfigureAwait(false))?.Modified
            ?? throw new IOException($"The {Place} does not keep what is put into it.");
    }

    public Task<bool> Delete(BlobAddress blob, DateTimeOffset writtenBefore, CancellationToken cancellation) =>
        Delete(
            blob,
            (head, beside) => head.Modified <= writtenBefore && !(beside?.Modified > writtenBefore),
            cancellation
        );

    // An object that was sent in parts has no time of its own in its metadata.
    public Task<bool> DeleteKept(BlobAddress blob, DateTimeOffset kept, CancellationToken cancellation) =>
        Delete(blob, (head, beside) => (head.Written ?? beside?.Written) == kept, cancellation);

    public IAsyncEnumerable<ListedBlob> All(CancellationToken cancellation) => List(_prefix, cancellation);

    public Task Condemn(BlobAddress blob, bool released, CancellationToken cancellation) =>
        _bucket.Put(CondemnationOf(blob), released ? "released\n"u8.ToArray() : [], _time.GetUtcNow(), cancellation);

    public Task Spare(BlobAddress blob, CancellationToken cancellation) =>
        _bucket.Delete(CondemnationOf(blob), cancellation);

    public IAsyncEnumerable<CondemnedBlob> Condemned(CancellationToken cancellation) =>
        List(_prefix + Condemnations, cancellation).Select(o => new CondemnedBlob(o.Blob, o.Written, o.Length > 0));

    public void Dispose() => _bucket.Dispose();

    private async Task<Stream?> Download(BlobAddress blob, CancellationToken cancellation)
    {
        var path = Path.Combine(_directory.Temporary, Guid.NewGuid().ToString("N"));
        try
        {
            (long Length, string Digest)? got;
            await using (var file = _files.Create(path))
                got = await _bucket.Get(KeyOf(blob), file, cancellation).ConfigureAwait(false);
            if (got is not { } bytes)
                return null;
            if (bytes.Digest != blob.Digest)
                throw BlobFaults.Changed(blob.Digest, null);
            // Open before it moves: a copy that is too large for the cache lives until it is closed.
            var copy = _files.OpenRead(path);
            _cache.Add(blob, path, bytes.Length);
            return copy;
        }
        finally
        {
            _files.Delete(path);
        }
    }

    private async IAsyncEnumerable<ListedBlob> List(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        string? after = null;
        do
        {
            (var keys, after) = await _bucket.List(prefix, after, cancellation).ConfigureAwait(false);
            foreach (var (key, length, modified) in keys)
                if (
                    key[prefix.Length..].Split('/') is [var tenant, var digest]
                    && new BlobAddress(new(tenant), digest) is { IsValid: true } blob
                )
                    yield return new(blob, length, modified);
        } while (after is not null);
    }

    private async Task<bool> Delete(BlobAddress blob, Func<S3Head, S3Head?, bool> may, CancellationToken cancellation)
    {
        var key = KeyOf(blob);
        if (await _bucket.Head(key, cancellation).ConfigureAwait(false) is { } head)
        {
            var beside = await _bucket.Head(key + Beside, cancellation).ConfigureAwait(false);
            if (!may(head, beside))
                return false;
            if (beside is not null)
                await _bucket.Delete(key + Beside, cancellation).ConfigureAwait(false);
            await _bucket.Delete(key, cancellation).ConfigureAwait(false);
            _cache.Remove(blob);
        }
        await Spare(blob, cancellation).ConfigureAwait(false);
        return true;
    }

    private string CondemnationOf(BlobAddress blob) => $"{_prefix}{Condemnations}{blob.Tenant}/{blob.Digest}";

    private string KeyOf(BlobAddress blob) => $"{_prefix}{blob.Tenant}/{blob.Digest}";
}
