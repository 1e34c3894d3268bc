using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Datasets;

public static class StoredDatasets
{
    internal static ObjectLayout<DatasetInfo> Layout { get; } =
        new(ObjectKind.Dataset, info => CatalogJson.Name(info.Phase), info => info.Digest);

    /// <inheritdoc cref="CatalogReader.ListObjects{T, TInfo}"/>
    public static Task<Page<DatasetInfo>> ListDatasets(
        this CatalogReader reader,
        TenantName tenant,
        DatasetPhase? phase,
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
