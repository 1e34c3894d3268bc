using ComodCluster.Grains.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Backbones;

/// <summary>Backbones and their training: on workers.</summary>
public static class BackboneServices
{
    public static IServiceCollection AddBackbones(this IServiceCollection services)
    {
        services.AddSingleton<BackboneResidency>();
        services.AddHostedService<BackboneRelease>();
        services.AddSingleton<BackboneTrainingPlan>();
        services.AddSingleton<IJobWork, TrainWork>();
        return services;
    }
}
