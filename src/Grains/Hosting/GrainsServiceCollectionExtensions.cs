using ComodCluster.Engine.Execution;
using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Cluster;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Postgres;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Storage.Identity;
using ComodCluster.Grains.Tasks;
using ComodCluster.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace ComodCluster.Grains.Hosting;

public static class GrainsServiceCollectionExtensions
{
    /// <summary>Registers what every silo has: storage, and knowledge of the workers. Call it before <c>UseOrleans</c>, so that storage outlives the grains at shutdown.</summary>
    public static IServiceCollection AddComodStorage(this IServiceCollection services, Action<StorageOptions> storage)
    {
        services.AddOptions<StorageOptions>().Configure(storage).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DataDirectory>();
        services.AddSingleton<ICatalogProvider>(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value is { Database: { } database } options
            ? new PostgresCatalog(database) { Identity = new ClusterIdentity(options.Cluster, provider.GetRequiredService<IBlobDepot>(), database) }
            : new SqliteCatalog(provider.GetRequiredService<DataDirectory>()));
        services.AddSingleton(provider => new CatalogDatabase(provider.GetRequiredService<ICatalogProvider>(), provider.GetService<FormatRange>()));
        services.AddSingleton<CatalogReader>();
        services.TryAddSingleton<IBlobFiles, DiskFiles>();
        services.AddSingleton<IBlobLocks>(provider => provider.GetRequiredService<ICatalogProvider>() is PostgresCatalog shared
            ? new PostgresBlobLocks(shared.Source)
            : new ProcessBlobLocks());
        services.AddSingleton<IBlobDepot>(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value is { Blobs: { } blobs, S3: var s3 } && S3Options.IsBucket(blobs)
            ? new S3Depot(blobs, s3, provider.GetRequiredService<DataDirectory>(), provider.GetRequiredService<IBlobFiles>(), provider.GetRequiredService<TimeProvider>())
            : new DirectoryDepot(provider.GetRequiredService<DataDirectory>(), provider.GetRequiredService<IBlobFiles>()));
        services.AddSingleton<BlobStore>();
        services.AddSingleton<BlobCollector>();
        services.AddHostedService<StorageStartup>();
        services.AddSingleton<ClusterFormat>();
        services.AddSingleton<WorkerClient>();
        services.AddSingleton<WorkerDirectory>();
        services.AddSingleton(provider => new WorkerList(
            provider.GetRequiredService<WorkerDirectory>(), provider.GetRequiredService<WorkerClient>(), provider.GetRequiredService<ILogger<WorkerList>>()));
        services.AddPlacementDirector<WorkerPlacement, WorkerPlacementDirector>();
        return services;
    }

    /// <summary>Registers what a worker has besides: grains and the running of jobs. The composition adds the <c>TaskEngine</c>. Call it before <c>UseOrleans</c>.</summary>
    public static IServiceCollection AddComodWorker(this IServiceCollection services, Action<WorkerOptions> worker)
    {
        services.AddOptions<WorkerOptions>().Configure(worker);
        services.AddHostedService<BlobSweep>();
        services.AddSingleton<BackboneResidency>();
        services.AddSingleton<ResidentTasks>();
        services.AddSingleton<BackboneTrainingPlan>();
        services.AddSingleton<DatasetSources>();
        services.AddSingleton<TaskBinding>();
        services.AddSingleton<IJobWork, AdaptWork>();
        services.AddSingleton<IJobWork, ImportWork>();
        services.AddSingleton<IJobWork, TrainWork>();
        services.AddMetrics();
        services.AddSingleton<JobInstruments>();
        services.AddSingleton(provider => provider.GetRequiredService<TaskEngine>().Share);
        services.AddSingleton<JobRunner>();
        services.AddSingleton(provider => new WorkerDrain(
            provider.GetRequiredService<JobRunner>(), provider.GetRequiredService<WorkerDirectory>(), provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<ILogger<WorkerDrain>>()));
        services.AddGrainService<WorkerService>();
        services.AddSingleton<JobScan>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<JobScan>());
        services.AddSingleton<IIncomingGrainCallFilter, RefusalFilter>();
        return services;
    }

    /// <summary>Registers what speaks to the cluster by itself. Call it after <c>UseOrleans</c>: it starts once the silo has joined.</summary>
    /// <param name="isWorker">Whether <see cref="AddComodWorker"/> was called.</param>
    public static IServiceCollection AddComodLoops(this IServiceCollection services, bool isWorker)
    {
        services.AddHostedService(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddHostedService<FormatWatch>();
        if (isWorker) services.AddHostedService<WorkerBalance>();
        return services;
    }

    /// <summary>Tells the other silos which formats this one knows.</summary>
    public static ISiloBuilder AnnounceFormats(this ISiloBuilder silo, FormatRange formats) =>
        silo.UseSiloMetadata(new Dictionary<string, string> { [FormatRange.MetadataKey] = formats.ToString() });

    /// <summary>Leaves the grains' classes out: a gateway hosts none.</summary>
    public static ISiloBuilder WithoutComodGrains(this ISiloBuilder silo) =>
        silo.ConfigureServices(services => services.PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(c => c.Assembly == typeof(JobRunner).Assembly)));
}
