using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Backbones.BuiltIn;

/// <summary>Backbones that ship with the silo: on workers and gateways.</summary>
public static class BuiltInServices
{
    public static IServiceCollection AddBuiltInBackbones(this IServiceCollection services)
    {
        services.AddSingleton(new BuiltInFiles(BuiltInFiles.Directory));
        services.AddSingleton<BuiltInBackbones>();
        return services;
    }
}
