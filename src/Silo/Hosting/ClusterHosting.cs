using ComodCluster.Engine;
using ComodCluster.Grains.Backbones;
using ComodCluster.Grains.Backbones.BuiltIn;
using ComodCluster.Grains.Cluster;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Retention;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Tasks;
using ComodCluster.Grains.WorkerHost;
using ComodCluster.Grains.Workers;
using ComodCluster.Silo.Api.Datasets;
using ComodCluster.Silo.Backbones;
using ComodCluster.Silo.Cluster;
using ComodCluster.Silo.Configuration;
using ComodCluster.Silo.Naming;
using ComodCluster.Silo.Telemetry;
using Orleans.Configuration;
using SiloOptions = ComodCluster.Silo.Configuration.SiloOptions;

namespace ComodCluster.Silo.Hosting;

/// <summary>
/// Storage, engine and Orleans, by the silo's roles. Hosted services stop in the reverse order: jobs, grains, then the
/// engine, then storage.
/// </summary>
public static class ClusterHosting
{
    public static void AddCluster(this WebApplicationBuilder builder, SiloOptions options, FormatRange formats)
    {
        var services = builder.Services;
        services.AddSingleton(formats);
        services.AddLoops().AddStorage(options.ApplyTo).AddDatasetReferences().AddBackups();
        services.AddClusterFormat().AddWorkers().AddTaskPlacement().AddBuiltInBackbones();
        if (options.IsWorker)
        {
            services.AddBackbones().AddDatasets().AddTasks(adaptation => adaptation.AtOnce = options.AdaptationsAtOnce);
            services.AddJobs().AddWorkerHost().AddBlobCollection().AddRetention(options.Retention.ApplyTo);
            services.AddSingleton(provider => new TaskEngine(
                options.ToEngine(),
                provider.GetRequiredService<TimeProvider>()
            ));
            services.AddSingleton<EngineInstruments>();
            services.AddHostedService<EngineLifetime>();
            services.AddHostedService<DeviceWatch>();
        }
        var ports = OrleansPorts.Of(options);
        services.AddSingleton(ports);
        if (options.Database is not null)
            services.AddHostedService<MembershipDatabase>();
        builder.UseOrleans(silo =>
        {
            if (options.Database is { } database)
                silo.UseDatabase(database, options, ports);
            else
                silo.UseLocalhostClustering(
                    ports.Silo,
                    ports.Gateway,
                    serviceId: "comod",
                    clusterId: options.Cluster.Id
                );
            silo.Configure<SiloMessagingOptions>(messages => messages.MaxMessageBodySize = UploadLimits.MessageBytes);
            silo.Configure<Orleans.Configuration.SiloOptions>(named =>
                named.SiloName = ClusterMembership.NameOf(options, ports)
            );
            silo.AnnounceFormats(formats);
            if (!options.IsWorker)
                silo.WithoutGrains();
        });
        services.AddWorkerWatch().AddFormatWatch();
        if (options.IsWorker)
            services.AddWorkerBalance();
        services.AddSingleton<NamedGrains>();
        services.AddSingleton<DatasetImages>();
        services.AddSingleton<BackboneRegistrar>();
        if (!options.IsWorker)
            return;
        services.AddSingleton<Preloads>();
        services.AddHostedService(provider => provider.GetRequiredService<Preloads>());
        services.AddHostedService<DrainOnStop>();
    }
}
