using Microsoft.Extensions.DependencyInjection;

namespace ComodCluster.Grains.Retention;

/// <summary>What the catalog keeps for a while only: on workers.</summary>
public static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services, Action<RetentionOptions> retention)
    {
        services.AddOptions<RetentionOptions>().Configure(retention);
        services.AddSingleton<RetentionInstruments>();
        services.AddSingleton<CatalogPurge>();
        services.AddHostedService<RetentionLoop>();
        return services;
    }
}
