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
        catalog.Jobs.Of(spec.Key).AnyAsync(cancellation);

    public void Add(CatalogContext catalog) => catalog.Jobs.Add(Row(catalog.Format));

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
