using ComodCluster.Engine.Execution;
using ComodCluster.Grains.Hosting;
using ComodCluster.Silo.Endpoints;
using ComodCluster.Silo.Metrics;

namespace ComodCluster.Silo.Hosting;

/// <summary>Storage, engine and Orleans. Hosted services stop in the reverse order: grains first, then the engine, then storage.</summary>
public static class ClusterHosting
{
    public static void AddCluster(this WebApplicationBuilder builder, SiloOptions options)
    {
        var services = builder.Services;
        services.AddComodGrains(storage => storage.Directory = options.Storage);
        services.AddSingleton(provider => new TaskEngine(options.ToEngine(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<EngineInstruments>();
        services.AddHostedService<EngineLifetime>();
        var ports = OrleansPorts.Of(options);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(ports.Silo, ports.Gateway, serviceId: "comod", clusterId: "comod"));
        services.AddSingleton<NamedGrains>();
        services.AddSingleton<DatasetImages>();
        services.AddSingleton<BackboneRegistrar>();
        services.AddSingleton<BuiltInBackbones>();
        services.AddHostedService(provider => provider.GetRequiredService<BuiltInBackbones>());
    }
}
