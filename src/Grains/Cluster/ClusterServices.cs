using ComodCluster.Grains.Storage.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace ComodCluster.Grains.Cluster;

/// <summary>The format of records that all silos agree on.</summary>
public static class ClusterServices
{
    public static IServiceCollection AddClusterFormat(this IServiceCollection services) =>
        services.AddSingleton<ClusterFormat>();

    /// <summary>Called after <c>UseOrleans</c>: it starts once the silo has joined.</summary>
    public static IServiceCollection AddFormatWatch(this IServiceCollection services) =>
        services.AddHostedService<FormatWatch>();

    /// <summary>Tells the other silos which formats this one knows.</summary>
    public static ISiloBuilder AnnounceFormats(this ISiloBuilder silo, FormatRange formats) =>
        silo.UseSiloMetadata(new Dictionary<string, string> { [FormatRange.MetadataKey] = formats.ToString() });
}
