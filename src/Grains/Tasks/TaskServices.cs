using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Workers;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Tasks;

/// <summary>Tasks and their adaptation.</summary>
public static class TaskServices
{
    /// <summary>For every silo: any may be the first to call a task.</summary>
    public static IServiceCollection AddTaskPlacement(this IServiceCollection services) =>
        services.AddSingleton<IAffinitySource, TaskAffinity>();

    /// <summary>For workers.</summary>
    public static IServiceCollection AddTasks(this IServiceCollection services, Action<AdaptationOptions> adaptation)
    {
        services.AddOptions<AdaptationOptions>().Configure(adaptation);
        services.AddSingleton<ResidentTasks>();
        services.AddSingleton<TaskBinding>();
        services.AddSingleton<TaskReporting>();
        services.AddSingleton<IJobWork, AdaptWork>();
        return services;
    }
}
