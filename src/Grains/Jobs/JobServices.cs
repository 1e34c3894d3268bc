using ComodCluster.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Jobs;

/// <summary>The running of jobs, whatever they do: on workers.</summary>
public static class JobServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<JobInstruments>();
        services.AddSingleton(provider => provider.GetRequiredService<TaskEngine>().Share);
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobScan>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider =>
            provider.GetRequiredService<JobScan>()
        );
        return services;
    }
}
