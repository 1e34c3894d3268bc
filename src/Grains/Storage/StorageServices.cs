using ComodCluster.Grains.Storage.Backup;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Postgres;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.Grains.Storage.Identity;
using ComodCluster.Grains.Storage.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Storage;

/// <summary>
/// Catalog and blobs, as the options say. Called before <c>UseOrleans</c>, so that storage outlives the grains at
/// shutdown.
/// </summary>
public static class StorageServices
{
    /// <summary>What every silo needs.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, Action<StorageOptions> storage)
    {
        services.AddOptions<StorageOptions>().Configure(storage).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DirectoryOf(Options(provider)));
        services.AddSingleton<ICatalogProvider>(provider =>
            Options(provider) is { Database: { } database }
                ? new PostgresCatalog(database)
                : new SqliteCatalog(provider.GetRequiredService<DataDirectory>())
        );
        services.AddSingleton(provider => new ClusterIdentity(
            Options(provider).Cluster,
            provider.GetRequiredService<IBlobDepot>(),
            Options(provider).AcceptLostWrites,
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(provider => new CatalogDatabase(
            provider.GetRequiredService<ICatalogProvider>(),
            provider.GetService<FormatRange>(),
            provider.GetRequiredService<ClusterIdentity>(),
            provider.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<CatalogReader>();
        services.TryAddSingleton<IBlobFiles, DiskFiles>();
        services.AddSingleton<IBlobLocks>(provider =>
            provider.GetRequiredService<ICatalogProvider>() is PostgresCatalog shared
                ? new PostgresBlobLocks(shared.Source)
                : new ProcessBlobLocks()
        );
        services.AddSingleton<IBlobDepot>(provider =>
            Options(provider) is { Blobs: { } blobs, S3: var s3 } && S3Options.IsBucket(blobs)
                ? new S3Depot(
                    blobs,
                    s3,
                    provider.GetRequiredService<DataDirectory>(),
                    provider.GetRequiredService<IBlobFiles>(),
                    provider.GetRequiredService<TimeProvider>()
                )
                : new DirectoryDepot(
                    provider.GetRequiredService<DataDirectory>(),
                    provider.GetRequiredService<IBlobFiles>()
                )
        );
        services.AddSingleton<IBlobHold>(provider =>
            provider.GetRequiredService<ICatalogProvider>() is PostgresCatalog shared
                ? new PostgresBlobHold(shared.Source)
                : new ProcessBlobHold()
        );
        services.AddSingleton<BlobStore>();
        services.AddSingleton<UsedBlobs>();
        services.AddSingleton<CatalogInstruments>();
        services.AddSingleton<CatalogWatch>();
        services.AddHostedService<StorageStartup>();
        services.AddHostedService<CatalogRounds>();
        services.AddHostedService<ReserveLoop>();
        return services;
    }

    /// <summary>
    /// The collection of blobs that nobody needs: where every feature has said which ones its records name.
    /// </summary>
    public static IServiceCollection AddBlobCollection(this IServiceCollection services)
    {
        services.AddSingleton<BlobInstruments>();
        services.AddSingleton<BlobCollector>();
        services.AddHostedService<BlobSweep>();
        return services;
    }

    /// <summary>Backups, and their way back: where every feature has said which blobs its records name.</summary>
    public static IServiceCollection AddBackups(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new BackupSource(
                provider.GetRequiredService<CatalogDatabase>(),
                provider.GetRequiredService<IBlobDepot>(),
                provider.GetRequiredService<IBlobFiles>(),
                provider.GetRequiredService<IBlobHold>(),
                provider.GetRequiredService<UsedBlobs>(),
                provider.GetRequiredService<DataDirectory>(),
                Options(provider).Cluster,
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton(provider => new BackupRestore(
                provider.GetRequiredService<CatalogDatabase>(),
                provider.GetRequiredService<BlobStore>(),
                provider.GetRequiredService<IBlobDepot>(),
                provider.GetRequiredService<IBlobFiles>(),
                provider.GetRequiredService<UsedBlobs>(),
                provider.GetRequiredService<DataDirectory>(),
                provider.GetRequiredService<TimeProvider>()
            ));

    private static StorageOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<StorageOptions>>().Value;

    private static DataDirectory DirectoryOf(StorageOptions options) =>
        new(options.Directory, S3Options.IsBucket(options.Blobs) ? null : options.Blobs, options.LeaveFree);
}
