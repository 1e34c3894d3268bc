using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Jobs;

/// <summary>What a job's grain may change in its row.</summary>
/// <param name="Epoch">Counts the dispatches.</param>
/// <param name="Silo">That the latest dispatch went to.</param>
/// <param name="Checkpoint">Digest of the latest checkpoint's blob.</param>
internal sealed record JobState(JobInfo Info, long Epoch, string? Silo, string? Checkpoint);

/// <summary>One job's row as its grain holds it; see <see cref="StoredObject{T}"/> for failed writes.</summary>
internal sealed class StoredJob(CatalogDatabase database, JobKey key, TimeProvider time)
{
    private long _etag;
    private bool _known;

    public JobSpec? Spec { get; private set; }

    /// <summary>Null where there is no such job.</summary>
    public JobState? Value { get; private set; }

    public async Task Load(CancellationToken cancellation)
    {
        if (_known) return;
        var row = await database.Read((catalog, stop) => catalog.Jobs.SingleOrDefaultAsync(j => j.Tenant == key.Tenant && j.Id == key.Id, stop), cancellation);
        if (row is null) (Spec, Value, _etag) = (null, null, 0);
        else Take(row);
        // The creator of an object writes its job's row, perhaps later than this.
        _known = row is not null;
    }

    /// <exception cref="ComodException">job-conflict</exception>
    public Task Create(JobSpec spec, CancellationToken cancellation) => Write(async (catalog, stop) =>
    {
        if (await catalog.Jobs.AnyAsync(j => j.Tenant == key.Tenant && j.Id == key.Id, stop)) throw JobRows.Conflict(key.Id);
        var row = JobRows.New(spec, time.GetUtcNow(), catalog.Format);
        catalog.Jobs.Add(row);
        return row;
    }, cancellation);

    public Task Save(JobState next, CancellationToken cancellation) => Write(async (catalog, stop) =>
    {
        var row = await catalog.Jobs.SingleAsync(j => j.Tenant == key.Tenant && j.Id == key.Id, stop);
        if (row.Etag != _etag) throw new CatalogConflictException();
        (row.Phase, row.Info, row.Epoch, row.Silo, row.Checkpoint, row.Etag) =
            (CatalogJson.Name(next.Info.Phase), CatalogJson.Write(next.Info, row.Info), next.Epoch, next.Silo, next.Checkpoint, _etag + 1);
        return row;
    }, cancellation);

    private void Take(JobRow row)
    {
        Spec = CatalogJson.Read<JobSpec>(row.Spec, row.Schema);
        Value = new(CatalogJson.Read<JobInfo>(row.Info, row.Schema), row.Epoch, row.Silo, row.Checkpoint);
        (_etag, _known) = (row.Etag, true);
    }

    private async Task Write(Func<CatalogContext, CancellationToken, Task<JobRow>> change, CancellationToken cancellation)
    {
        try
        {
            Take(await database.Write(change, cancellation));
        }
        catch (Exception e)
        {
            _known = false;
            try
            {
                await Load(CancellationToken.None);
            }
            catch (ComodException)
            {
                // The next call reads.
            }
            if (e is CatalogConflictException)
                throw new ComodException(ErrorCodes.StorageUnavailable, 503, "The job was changed by another process at the same time; try again.");
            throw;
        }
    }
}
