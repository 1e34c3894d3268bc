using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Jobs;

public static class JobQueries
{
    /// <summary>Jobs in the order of time, without the progress that only their grains know.</summary>
    /// <param name="phase">Only jobs in this phase; null: all.</param>
    /// <param name="after">The <c>next</c> of the page before; null: the first page. With an id, which earlier builds
    /// gave, the order stays by id to the last page.</param>
    /// <param name="limit">1 to <see cref="CatalogReader.MaxPage"/>.</param>
    /// <exception cref="ComodException">request-invalid (400): no such place.</exception>
    public static Task<Page<JobInfo>> ListJobs(
        this CatalogReader reader,
        TenantName tenant,
        JobPhase? phase,
        string? after,
        int limit,
        CancellationToken cancellation
    )
    {
        var cursor = after is null ? null : JobCursor.Parse(after);
        var byId = after is not null && cursor is null;
        return reader.List(
            catalog =>
            {
                var jobs = catalog.Jobs.Where(j => j.Tenant == tenant.Value);
                if (phase is { } wanted)
                {
                    var name = CatalogJson.Name(wanted);
                    jobs = jobs.Where(j => j.Phase == name);
                }
                if (byId)
                    return jobs.Where(j => string.Compare(j.Id, after) > 0).OrderBy(j => j.Id);
                if (cursor is var (created, id))
                    jobs = jobs.Where(j =>
                        string.Compare(CatalogContext.JsonText(j.Info, JobCursor.Member), created) > 0
                        || CatalogContext.JsonText(j.Info, JobCursor.Member) == created && string.Compare(j.Id, id) > 0
                    );
                return jobs.OrderBy(j => CatalogContext.JsonText(j.Info, JobCursor.Member)).ThenBy(j => j.Id);
            },
            limit,
            j => byId ? j.Id : JobCursor.Of(j).ToString(),
            j => CatalogJson.Read<JobInfo>(j.Info, j.Schema),
            cancellation
        );
    }

    /// <summary>One job or none.</summary>
    internal static IQueryable<JobRow> Of(this IQueryable<JobRow> jobs, JobKey key) =>
        jobs.Where(j => j.Tenant == key.Tenant.Value && j.Id == key.Id);

    internal static IQueryable<JobRow> Unfinished(this CatalogContext catalog) =>
        catalog.Jobs.Where(j =>
            j.Phase == "queued" || j.Phase == "running" || j.Phase == "paused" || j.Phase == "cancelling"
        );

    internal static IQueryable<JobRow> Ended(this CatalogContext catalog) =>
        catalog.Jobs.Where(j => j.Phase == "succeeded" || j.Phase == "failed" || j.Phase == "cancelled");

    /// <summary>Ended jobs whose subject was deleted: their ids are free again.</summary>
    internal static IQueryable<JobRow> Forgotten(this CatalogContext catalog) =>
        catalog.Ended().Where(j => catalog.Objects.Any(o => o.Uid == j.SubjectUid && o.Phase == ObjectPhase.Deleted));

    /// <summary>
    /// Jobs that ended before a time and that nothing living came of: their subject was deleted, or they failed, made
    /// no version of it and it names a later job. What succeeded stays, with its id, for as long as its subject lives.
    /// </summary>
    /// <param name="endedBefore"><see cref="CatalogJson.Text"/> of the time.</param>
    internal static IQueryable<JobRow> Fruitless(this CatalogContext catalog, string endedBefore) =>
        catalog
            .Ended()
            .Where(j => string.Compare(CatalogContext.JsonText(j.Info, "finished"), endedBefore) < 0)
            .Where(j =>
                catalog.Objects.Any(o => o.Uid == j.SubjectUid && o.Phase == ObjectPhase.Deleted)
                || j.Phase != "succeeded"
                    && !catalog.Objects.Any(o =>
                        o.Uid == j.SubjectUid && CatalogContext.JsonText(o.Payload, "job") == j.Id
                    )
                    && !catalog.Versions.Any(v => v.TaskUid == j.SubjectUid && v.Job == j.Id)
            );

    /// <summary>All others.</summary>
    internal static IQueryable<JobRow> Remembered(this CatalogContext catalog) =>
        catalog.Jobs.Where(j => !catalog.Forgotten().Any(f => f.Tenant == j.Tenant && f.Id == j.Id));

    /// <summary>A job that stays as it is until the transaction ends; null where there is none.</summary>
    internal static async Task<JobRow?> HoldJob(
        this CatalogContext catalog,
        JobKey key,
        CancellationToken cancellation
    ) =>
        (
            await (
                catalog.LocksRows
                    ? catalog.Jobs.FromSql(
                        $"SELECT * FROM jobs WHERE tenant = {key.Tenant.Value} AND id = {key.Id} FOR SHARE"
                    )
                    : catalog.Jobs.Of(key)
            ).ToListAsync(cancellation)
        ).SingleOrDefault();

    /// <summary>What a job was asked to do; null where there is no such job, or a forgotten one.</summary>
    internal static async Task<JobSpec?> FindJobSpec(
        this CatalogDatabase database,
        JobKey key,
        CancellationToken cancellation
    )
    {
        var row = await database
            .Read((catalog, stop) => catalog.Remembered().Of(key).SingleOrDefaultAsync(stop), cancellation)
            .ConfigureAwait(false);
        return row is null ? null : CatalogJson.Read<JobSpec>(row.Spec, row.Schema);
    }
}
