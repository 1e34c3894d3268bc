using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Collection;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Datasets;

/// <summary>Data sets and their import: on workers.</summary>
public static class DatasetServices
{
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.AddSingleton<IBlobReferences, ArchiveReferences>();
        services.AddSingleton<DatasetSources>();
        services.AddSingleton<IJobWork, ImportWork>();
        return services;
    }
}
