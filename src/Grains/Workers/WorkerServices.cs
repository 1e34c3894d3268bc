using ComodCluster.Contracts.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace ComodCluster.Grains.Workers;

/// <summary>Which workers there are, and which one gets what: on every silo.</summary>
public static class WorkerServices
{
    public static IServiceCollection AddWorkers(this IServiceCollection services)
    {
        services.AddSingleton<WorkerClient>();
        services.AddSingleton<WorkerDirectory>();
        services.AddSingleton<SiloProcesses>();
        services.AddSingleton(provider => new WorkerList(
            provider.GetRequiredService<WorkerDirectory>(),
            provider.GetRequiredService<WorkerClient>(),
            provider.GetRequiredService<ILogger<WorkerList>>()
        ));
        services.AddSingleton<Affinities>();
        // Each type of grains has a strategy of its own.
        services.AddPlacementDirector<WorkerPlacement, WorkerPlacementDirector>(ServiceLifetime.Transient);
        return services;
    }

    /// <summary>Called after <c>UseOrleans</c>: it starts once the silo has joined.</summary>
    public static IServiceCollection AddWorkerWatch(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<WorkerDirectory>());

    /// <summary>Tells where the grain belongs that is called next: it may not be in the catalog yet.</summary>
    public static void PlaceNext(Affinity affinity) => Affinities.Announce(affinity);

    /// <summary>Leaves the grains' classes out: a gateway hosts none.</summary>
    public static ISiloBuilder WithoutGrains(this ISiloBuilder silo) =>
        silo.ConfigureServices(services =>
            services.PostConfigure<GrainTypeOptions>(types =>
                types.Classes.RemoveWhere(c => c.Assembly == typeof(WorkerServices).Assembly)
            )
        );
}
