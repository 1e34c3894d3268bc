using ComodCluster.Grains.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Tasks;

/// <summary>Tasks and their adaptation: on workers.</summary>
public static class TaskServices
{
    public static IServiceCollection AddTasks(this IServiceCollection services, Action<AdaptationOptions> adaptation)
    {
        services.AddOptions<AdaptationOptions>().Configure(adaptation);
        services.AddSingleton<ResidentTasks>();
        services.AddSingleton<TaskBinding>();
        services.AddSingleton<IJobWork, AdaptWork>();
        return services;
    }
}
