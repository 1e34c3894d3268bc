using ComodCluster.Grains.Storage.Backup;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Disk;
using Microsoft.Extensions.Hosting;

namespace ComodCluster.Grains.Storage;

/// <summary>Ends the start with a clear refusal where the storage cannot be used.</summary>
internal sealed class StorageStartup(
    DataDirectory directory,
    CatalogDatabase catalog,
    CatalogReader reader,
    BlobStore blobs,
    IBlobDepot depot
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        UnfinishedRestore.Refuse(directory.Root);
        blobs.ClearTemporary();
        await depot.Verify(cancellationToken).ConfigureAwait(false);
        await catalog.Open(cancellationToken).ConfigureAwait(false);
        await reader.Probe(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
