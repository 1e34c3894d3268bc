using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Jobs;

/// <summary>A job that begins with the write of its subject.</summary>
internal sealed class NewJob(JobSpec spec, DateTimeOffset now) : INewRow
{
    public Task<bool> IsTaken(CatalogContext catalog, CancellationToken cancellation) =>
        catalog.Remembered().Of(spec.Key).AnyAsync(cancellation);

    public async Task Add(CatalogContext catalog, CancellationToken cancellation)
    {
        var row = Row(catalog.Format);
        var before = catalog.Forgotten().Of(spec.Key);
        // Runs of the job that had the id are older than any of this one.
        row.Epoch = await before.Select(j => (long?)j.Epoch).SingleOrDefaultAsync(cancellation) ?? 0;
        await before.ExecuteDeleteAsync(cancellation);
        catalog.Jobs.Add(row);
    }

    public ComodException Taken() => Conflict(spec.Id);

    /// <param name="format">Format of the records.</param>
    public JobRow Row(int format)
    {
        var info = new JobInfo
        {
            Id = spec.Id,
            Kind = spec.Kind,
            Phase = JobPhase.Queued,
            Subject = spec.Subject,
            Progress = 0,
            Created = now,
        };
        return new JobRow
        {
            Tenant = spec.Tenant,
            Id = spec.Id,
            Kind = CatalogJson.Name(spec.Kind),
            Phase = CatalogJson.Name(info.Phase),
            SubjectUid = spec.SubjectUid,
            Schema = format,
            Spec = CatalogJson.Write(spec),
            Info = CatalogJson.Write(info),
        };
    }

    public static ComodException Conflict(string id) =>
        ComodException.Conflict(
            ErrorCodes.JobConflict,
            $"There is a job '{id}' of another request; repeat that request unchanged, or take another id."
        );
}
