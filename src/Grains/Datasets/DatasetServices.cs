using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Collection;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Datasets;

/// <summary>Data sets and their import.</summary>
public static class DatasetServices
{
    /// <summary>Which blobs imports name: wherever that is asked.</summary>
    public static IServiceCollection AddDatasetReferences(this IServiceCollection services) =>
        services.AddSingleton<IBlobReferences, ArchiveReferences>();

    /// <summary>On workers.</summary>
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.AddSingleton<DatasetSources>();
        services.AddSingleton<IJobWork, ImportWork>();
        return services;
    }
}
