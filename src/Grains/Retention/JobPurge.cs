using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Retention;

/// <summary>Deletes the rows of jobs that ended long ago and that nothing living came of.</summary>
internal sealed class JobPurge(CatalogDatabase catalog, RetentionInstruments instruments)
{
    /// <returns>How many were deleted.</returns>
    public async Task<int> Purge(DateTimeOffset endedBefore, Leftovers leftovers, CancellationToken cancellation)
    {
        var limit = CatalogJson.Text(endedBefore);
        var (purged, tenant, id) = (0, "", "");
        while (true)
        {
            var page = await catalog
                .Read(
                    (rows, stop) =>
                        rows.Fruitless(limit)
                            .Where(j =>
                                string.Compare(j.Tenant, tenant) > 0
                                || j.Tenant == tenant && string.Compare(j.Id, id) > 0
                            )
                            .OrderBy(j => j.Tenant)
                            .ThenBy(j => j.Id)
                            .Take(CatalogPurge.RowsAtOnce)
                            .ToListAsync(stop),
                    cancellation
                )
                .ConfigureAwait(false);
            if (page.Count == 0)
                return purged;
            (tenant, id) = (page[^1].Tenant, page[^1].Id);
            var gone = new List<JobRow>();
            foreach (var row in page)
                if (!await leftovers.Have(BlobsOf(row), cancellation).ConfigureAwait(false))
                    gone.Add(row);
            var deleted = await Delete(gone, limit, cancellation).ConfigureAwait(false);
            instruments.JobsPurged(deleted);
            purged += deleted;
        }
    }

    private async Task<int> Delete(IReadOnlyList<JobRow> jobs, string limit, CancellationToken cancellation) =>
        jobs.Count == 0
            ? 0
            : await catalog
                .Write(
                    async (rows, stop) =>
                    {
                        var deleted = 0;
                        foreach (var ofTenant in jobs.GroupBy(j => j.Tenant, j => j.Id))
                        {
                            var ids = ofTenant.ToList();
                            // Asked again: an id may belong to another job by now.
                            deleted += await rows.Fruitless(limit)
                                .Where(j => j.Tenant == ofTenant.Key && ids.Contains(j.Id))
                                .ExecuteDeleteAsync(stop)
                                .ConfigureAwait(false);
                        }
                        return deleted;
                    },
                    cancellation
                )
                .ConfigureAwait(false);

    private static IReadOnlyCollection<BlobAddress> BlobsOf(JobRow row) =>
        row.Kind == "import" && CatalogJson.Read<JobSpec>(row.Spec, row.Schema).Import?.Blob is { } archive
            ? [new(new(row.Tenant), archive)]
            : [];
}
