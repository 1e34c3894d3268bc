using ComodCluster.Api;
using ComodCluster.Api.Backbones;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Backbones;

public static class StoredBackbones
{
    internal static ObjectLayout<BackboneInfo> Layout { get; } =
        new(ObjectKind.Backbone, info => CatalogJson.Name(info.Phase), info => info.Digest);

    /// <inheritdoc cref="CatalogReader.ListObjects{T, TInfo}"/>
    public static Task<Page<BackboneInfo>> ListBackbones(
        this CatalogReader reader,
        TenantName tenant,
        BackbonePhase? phase,
        string? after,
        int limit,
        CancellationToken cancellation
    ) =>
        reader.ListObjects(
            Layout,
            tenant,
            phase is { } p ? CatalogJson.Name(p) : null,
            after,
            limit,
            stored => stored,
            cancellation
        );
}
