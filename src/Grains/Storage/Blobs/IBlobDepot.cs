namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>
/// Where blobs are kept: a directory or a bucket. A blob is whole or not there. <see cref="BlobStore"/> hands over
/// finished files and holds the blob's lock where that is said.
/// </summary>
public interface IBlobDepot
{
    /// <summary>Ends the start of a silo whose depot cannot be used.</summary>
    /// <exception cref="Contracts.ComodException">storage-unavailable: cause and fix in one sentence.</exception>
    Task Verify(CancellationToken cancellation);

    /// <summary>The part of storing that takes long; without the lock.</summary>
    Task Stage(BlobAddress blob, string path, long length, CancellationToken cancellation);

    /// <summary>
    /// Under the lock: returns once the blob is stored and can be read. May take the file away.
    /// </summary>
    /// <returns>A time that tells this storing of the blob from others, for <see cref="DeleteKept"/> alone; null where
    /// a deletion has undone <see cref="Stage"/>: begin again.</returns>
    Task<DateTimeOffset?> Keep(BlobAddress blob, string path, long length, CancellationToken cancellation);

    /// <summary>A seekable file; stays readable when the blob is deleted.</summary>
    /// <returns>Null where there is no such blob.</returns>
    Task<Stream?> Open(BlobAddress blob, CancellationToken cancellation);

    /// <summary>Writes a blob's bytes, past the copies on this machine where the depot keeps some.</summary>
    /// <returns>False where there is no such blob.</returns>
    Task<bool> CopyTo(BlobAddress blob, Stream to, CancellationToken cancellation);

    /// <summary>A reader found bytes that do not fit the digest.</summary>
    /// <returns>Whether it was a copy, which is gone now: open it again.</returns>
    bool DropCopy(BlobAddress blob);

    /// <summary>The time by the clock that dates blobs and condemnations: the file system's or the bucket's.</summary>
    Task<DateTimeOffset> Now(CancellationToken cancellation);

    /// <summary>Under the lock: deletes the blob unless it was stored later than that, by the depot's clock.</summary>
    /// <returns>Whether it is gone, and with it its condemnation.</returns>
    Task<bool> Delete(BlobAddress blob, DateTimeOffset writtenBefore, CancellationToken cancellation);

    /// <summary>Under the lock: deletes the blob unless it was stored again since <see cref="Keep"/>.</summary>
    /// <param name="kept">What that returned.</param>
    /// <returns>Whether it is gone.</returns>
    Task<bool> DeleteKept(BlobAddress blob, DateTimeOffset kept, CancellationToken cancellation);

    /// <summary>
    /// Every blob with about the time when it was stored last, by the depot's clock: never much later than what <see
    /// cref="Delete"/> compares with.
    /// </summary>
    IAsyncEnumerable<ListedBlob> All(CancellationToken cancellation);

    /// <summary>
    /// Notes beside the blobs, dated by the depot's clock, that a blob is to be deleted. It is read as ever until then.
    /// </summary>
    /// <param name="released">By the word of an operator.</param>
    Task Condemn(BlobAddress blob, bool released, CancellationToken cancellation);

    /// <summary>Takes that back; nothing where it was not noted.</summary>
    Task Spare(BlobAddress blob, CancellationToken cancellation);

    IAsyncEnumerable<CondemnedBlob> Condemned(CancellationToken cancellation);

    /// <summary>For messages: <c>folder of the blobs '...'</c>, <c>bucket of the blobs 's3://...'</c>.</summary>
    string Place { get; }

    /// <summary>The text of a small file beside the blobs; null where there is none.</summary>
    /// <param name="name">Such as no tenant has.</param>
    Task<string?> ReadNote(string name, CancellationToken cancellation);

    /// <summary>Makes or replaces such a file in one step, and returns once it is stored.</summary>
    Task WriteNote(string name, string text, CancellationToken cancellation);
}
