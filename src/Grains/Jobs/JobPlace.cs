using ComodCluster.Api.Jobs;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Jobs;

/// <summary>The row of one job.</summary>
internal sealed class JobPlace(JobKey key) : IRowLayout<JobRow, JobState>
{
    public IQueryable<JobRow> Find(CatalogContext catalog) => catalog.Jobs.Of(key);

    // Its etag fences it; runs that append versions hold the row meanwhile.
    public async Task<JobRow> Claim(CatalogContext catalog, CancellationToken cancellation) =>
        await Find(catalog).SingleOrDefaultAsync(cancellation) ?? throw new CatalogConflictException();

    public JobState Read(JobRow row) =>
        new(
            CatalogJson.Read<JobSpec>(row.Spec, row.Schema),
            CatalogJson.Read<JobInfo>(row.Info, row.Schema),
            CatalogJson.Read<JobRuns>(row.Info, row.Schema),
            row.Epoch,
            row.Silo,
            row.Checkpoint
        );

    public Task Write(CatalogContext catalog, JobRow row, JobState next, CancellationToken cancellation)
    {
        row.Phase = CatalogJson.Name(next.Info.Phase);
        // Each record keeps the members of the other.
        row.Info = CatalogJson.Write(next.Runs, CatalogJson.Write(next.Info, row.Info));
        (row.Epoch, row.Silo, row.Checkpoint) = (next.Epoch, next.Silo, next.Checkpoint);
        return Task.CompletedTask;
    }

    public async Task CheckFree(CatalogContext catalog, JobRow row, CancellationToken cancellation)
    {
        if (await Find(catalog).AnyAsync(cancellation))
            throw NewJob.Conflict(key.Id);
    }
}
