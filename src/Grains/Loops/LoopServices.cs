using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Loops;

/// <summary>What all loops of a silo are registered with.</summary>
public static class LoopServices
{
    public static IServiceCollection AddLoops(this IServiceCollection services)
    {
        services.AddMetrics();
        return services.AddSingleton<SiloLoops>();
    }
}
