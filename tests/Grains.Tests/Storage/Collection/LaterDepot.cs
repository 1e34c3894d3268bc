using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Grains.Tests.Storage.Collection;

/// <summary>A depot whose clock is ahead of the times of what it has: as if these had been written earlier.</summary>
internal sealed class LaterDepot(IBlobDepot depot) : IBlobDepot
{
    public TimeSpan Ahead { get; set; }

    public string Place => depot.Place;

    public async Task<DateTimeOffset> Now(CancellationToken cancellation) => await depot.Now(cancellation) + Ahead;

    public Task Verify(CancellationToken cancellation) => depot.Verify(cancellation);

    public Task Stage(BlobAddress blob, string path, long length, CancellationToken cancellation) =>
        depot.Stage(blob, path, length, cancellation);

    public Task<DateTimeOffset?> Keep(BlobAddress blob, string path, long length, CancellationToken cancellation) =>
        depot.Keep(blob, path, length, cancellation);

    public Task<Stream?> Open(BlobAddress blob, CancellationToken cancellation) => depot.Open(blob, cancellation);

    public Task<bool> CopyTo(BlobAddress blob, Stream to, CancellationToken cancellation) =>
        depot.CopyTo(blob, to, cancellation);

    public bool DropCopy(BlobAddress blob) => depot.DropCopy(blob);

    public Task<bool> Delete(BlobAddress blob, DateTimeOffset writtenBefore, CancellationToken cancellation) =>
        depot.Delete(blob, writtenBefore, cancellation);

    public Task<bool> DeleteKept(BlobAddress blob, DateTimeOffset kept, CancellationToken cancellation) =>
        depot.DeleteKept(blob, kept, cancellation);

    public IAsyncEnumerable<ListedBlob> All(CancellationToken cancellation) => depot.All(cancellation);

    public Task Condemn(BlobAddress blob, bool released, CancellationToken cancellation) =>
        depot.Condemn(blob, released, cancellation);

    public Task Spare(BlobAddress blob, CancellationToken cancellation) => depot.Spare(blob, cancellation);

    public IAsyncEnumerable<CondemnedBlob> Condemned(CancellationToken cancellation) => depot.Condemned(cancellation);

    public Task<string?> ReadNote(string name, CancellationToken cancellation) => depot.ReadNote(name, cancellation);

    public Task WriteNote(string name, string text, CancellationToken cancellation) =>
        depot.WriteNote(name, text, cancellation);
}
