using ComodCluster.Grains.Blobs;
using ComodCluster.Grains.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Hosting;

public static class GrainsServiceCollectionExtensions
{
    /// <summary>Registers storage, grains and the running of jobs. Call it before <c>UseOrleans</c>, so that storage outlives the grains at shutdown.</summary>
    public static IServiceCollection AddComodGrains(this IServiceCollection services, Action<StorageOptions> storage)
    {
        services.AddOptions<StorageOptions>().Configure(storage).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DataDirectory>();
        services.AddSingleton<CatalogDatabase>();
        services.AddSingleton<CatalogReader>();
        services.TryAddSingleton<IBlobFiles, DiskFiles>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<BlobCollector>();
        services.AddHostedService<StorageStartup>();
        services.AddHostedService<BlobSweep>();
        return services;
    }
}
