using ComodCluster.Grains.Catalog;
using Microsoft.Extensions.Hosting;

namespace ComodCluster.Grains.Hosting;

/// <summary>Ends the start with a clear refusal where the storage cannot be used.</summary>
internal sealed class StorageStartup(CatalogDatabase catalog) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => catalog.Open(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
