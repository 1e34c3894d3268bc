using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Refusals;
using ComodCluster.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ComodCluster.Grains.WorkerHost;

/// <summary>What a worker does for the others: reports, hands jobs over and takes them.</summary>
public static class WorkerHostServices
{
    public static IServiceCollection AddWorkerHost(this IServiceCollection services)
    {
        services.AddSingleton(provider => new WorkerDrain(
            provider.GetRequiredService<JobRunner>(),
            provider.GetRequiredService<JobScan>(),
            provider.GetRequiredService<WorkerDirectory>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<ILogger<WorkerDrain>>()
        ));
        services.AddGrainService<WorkerService>();
        services.AddSingleton<IIncomingGrainCallFilter, RefusalFilter>();
        return services;
    }

    /// <summary>Called after <c>UseOrleans</c>: it starts once the silo has joined.</summary>
    public static IServiceCollection AddWorkerBalance(this IServiceCollection services) =>
        services.AddHostedService<WorkerBalance>();
}
