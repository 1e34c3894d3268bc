using ComodCluster.Api;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tasks;

public static class VersionListing
{
    /// <summary>A page of the versions of a task, oldest first.</summary>
    /// <param name="after">Number after which the page begins; 0: the first page.</param>
    /// <param name="limit">1 to <see cref="CatalogReader.MaxPage"/>.</param>
    /// <returns>Its <c>Next</c> is the number of the last one; null on the last page.</returns>
    /// <exception cref="ComodException">not-found: no such task.</exception>
    public static async Task<Page<VersionInfo>> ListVersions(
        this CatalogReader reader,
        TenantName tenant,
        string task,
        int after,
        int limit,
        CancellationToken cancellation
    )
    {
        var (row, rows) = await reader.Read(
            async (catalog, stop) =>
            {
                var row =
                    await catalog
                        .Alive(StoredTasks.Layout.Kind, tenant, task)
                        .SingleOrDefaultAsync(stop)
                        .ConfigureAwait(false)
                    ?? throw ComodException.NotFound(StoredTasks.Layout.Kind.Name, task);
                var rows = await catalog
                    .Versions.Where(v => v.TaskUid == row.Uid && v.Number > after)
                    .OrderBy(v => v.Number)
                    // One more tells whether there is a next page.
                    .Take(limit + 1)
                    .ToListAsync(stop)
                    .ConfigureAwait(false);
                return (row, rows);
            },
            cancellation
        );
        var info = CatalogJson.Read<StoredTask>(row.Payload, row.Schema).Info;
        return new(
            [.. rows.Take(limit).Select(v => CatalogJson.Read<StoredVersion>(v.Payload, v.Schema).Of(info))],
            rows.Count > limit ? $"{rows[limit - 1].Number}" : null
        );
    }
}
