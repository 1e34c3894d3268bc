using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.Extensions.Hosting;

namespace ComodCluster.Grains.Storage;

/// <summary>Ends the start with a clear refusal where the storage cannot be used.</summary>
internal sealed class StorageStartup(CatalogDatabase catalog, CatalogReader reader, BlobStore blobs, IBlobDepot depot)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        blobs.ClearTemporary();
        await depot.Verify(cancellationToken).ConfigureAwait(false);
        await catalog.Open(cancellationToken).ConfigureAwait(false);
        await reader.Probe(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
