using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Retention;

/// <summary>Deletes the rows of jobs that ended long ago and that nothing living came of.</summary>
internal sealed class JobPurge(CatalogDatabase catalog, RetentionInstruments instruments)
{
    // To look for them takes a pass over all ended jobs.
    private const int FoundAtOnce = 10_000;

    /// <returns>How many were deleted.</returns>
    public async Task<int> Purge(DateTimeOffset endedBefore, Leftovers leftovers, CancellationToken cancellation)
    {
        var limit = CatalogJson.Text(endedBefore);
        var (purged, last) = (0, new EndedJob("", "", null, 0));
        while (true)
        {
            var after = last;
            var found = await catalog
                .Read((rows, stop) => Find(rows, limit, after, stop), cancellation)
                .ConfigureAwait(false);
            if (found.Count == 0)
                return purged;
            last = found[^1];
            foreach (var some in found.Chunk(CatalogPurge.RowsAtOnce))
            {
                var gone = new List<EndedJob>();
                foreach (var job in some)
                    if (!await leftovers.Have(job.Blobs, cancellation).ConfigureAwait(false))
                        gone.Add(job);
                purged += await Delete(gone, limit, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static Task<List<EndedJob>> Find(
        CatalogContext rows,
        string limit,
        EndedJob after,
        CancellationToken cancellation
    ) =>
        rows.Fruitless(limit)
            .Where(j =>
                string.Compare(j.Tenant, after.Tenant) > 0
                || j.Tenant == after.Tenant && string.Compare(j.Id, after.Id) > 0
            )
            .OrderBy(j => j.Tenant)
            .ThenBy(j => j.Id)
            .Take(FoundAtOnce)
            .Select(j => new EndedJob(j.Tenant, j.Id, j.Kind == "import" ? j.Spec : null, j.Schema))
            .ToListAsync(cancellation);

    private async Task<int> Delete(List<EndedJob> jobs, string limit, CancellationToken cancellation)
    {
        if (jobs.Count == 0)
            return 0;
        var deleted = await catalog
            .Write(
                async (rows, stop) =>
                {
                    var count = 0;
                    foreach (var ofTenant in jobs.GroupBy(j => j.Tenant, j => j.Id))
                    {
                        var ids = ofTenant.ToList();
                        // Asked again: an id may belong to another job by now.
                        count += await rows.Fruitless(limit)
                            .Where(j => j.Tenant == ofTenant.Key && ids.Contains(j.Id))
                            .ExecuteDeleteAsync(stop)
                            .ConfigureAwait(false);
                    }
                    return count;
                },
                cancellation
            )
            .ConfigureAwait(false);
        instruments.JobsPurged(deleted);
        return deleted;
    }

    /// <param name="Import">What an import was asked to do; null for other jobs.</param>
    private sealed record EndedJob(string Tenant, string Id, string? Import, int Schema)
    {
        public IReadOnlyCollection<BlobAddress> Blobs =>
            Import is not null && CatalogJson.Read<JobSpec>(Import, Schema).Import?.Blob is { } archive
                ? [new(new(Tenant), archive)]
                : [];
    }
}
