using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Tasks;

public static class TaskListing
{
    /// <inheritdoc cref="CatalogReader.ListObjects{T, TInfo}"/>
    public static Task<Page<TaskInfo>> ListTasks(
        this CatalogReader reader,
        TenantName tenant,
        TaskPhase? phase,
        string? after,
        int limit,
        CancellationToken cancellation
    ) =>
        reader.ListObjects(
            StoredTasks.Layout,
            tenant,
            phase is { } p ? CatalogJson.Name(p) : null,
            after,
            limit,
            stored => stored.Info,
            cancellation
        );
}
