using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Blobs;
using ComodCluster.Grains.Catalog;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Hosting;

public static class GrainsServiceCollectionExtensions
{
    /// <summary>Registers storage, grains and the running of jobs. Call it before <c>UseOrleans</c>, so that storage outlives the grains at shutdown; the composition adds the <c>TaskEngine</c>.</summary>
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
        services.AddSingleton<BackboneResidency>();
        services.AddSingleton<BackboneTrainingPlan>();
        services.AddSingleton<DatasetSources>();
        services.AddSingleton<TaskBinding>();
        services.AddSingleton<IJobWork, AdaptWork>();
        services.AddSingleton<IJobWork, ImportWork>();
        services.AddSingleton<IJobWork, TrainWork>();
        services.AddMetrics();
        services.AddSingleton<JobInstruments>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobScan>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<JobScan>());
        services.AddSingleton<IIncomingGrainCallFilter, RefusalFilter>();
        return services;
    }
}
