using ComodCluster.Contracts;
using ComodCluster.Contracts.Backbones;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Tasks;
using ComodCluster.Grains.Tasks;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>Reads the catalog past the grains: names and lists. What it returns was stored; a grain may already be further.</summary>
public sealed class CatalogReader(CatalogDatabase database)
{
    /// <summary>Largest page; a greater limit is taken as this.</summary>
    public const int MaxPage = 1000;

    /// <summary>Returns where the catalog answers.</summary>
    /// <exception cref="ComodException">storage-unavailable.</exception>
    public Task Probe(CancellationToken cancellation) => database.Read((catalog, stop) => catalog.Objects.Select(o => o.Uid).FirstOrDefaultAsync(stop), cancellation);

    /// <summary>Null where no object of this name lives; failed ones count as alive, deleted ones do not.</summary>
    public Task<string?> FindUid(ObjectKind kind, string tenant, string name, CancellationToken cancellation) =>
        database.Read((catalog, stop) => catalog.Alive(kind, tenant, name).Select(o => o.Uid).SingleOrDefaultAsync(stop), cancellation);

    /// <summary>Tasks by name. Deleted ones are left out.</summary>
    /// <param name="phase">Only tasks in this phase; null: all.</param>
    /// <param name="after">Name after which the page begins; null: the first page.</param>
    /// <param name="limit">1 to <see cref="MaxPage"/>.</param>
    public Task<Page<TaskInfo>> ListTasks(string tenant, TaskPhase? phase, string? after, int limit, CancellationToken cancellation) =>
        List<StoredTask, TaskInfo>(ObjectKind.Task, tenant, phase is { } p ? CatalogJson.Name(p) : null, after, limit, stored => stored.Info, cancellation);

    /// <inheritdoc cref="ListTasks"/>
    public Task<Page<DatasetInfo>> ListDatasets(string tenant, DatasetPhase? phase, string? after, int limit, CancellationToken cancellation) =>
        List<DatasetInfo, DatasetInfo>(ObjectKind.Dataset, tenant, phase is { } p ? CatalogJson.Name(p) : null, after, limit, stored => stored, cancellation);

    /// <inheritdoc cref="ListTasks"/>
    public Task<Page<BackboneInfo>> ListBackbones(string tenant, BackbonePhase? phase, string? after, int limit, CancellationToken cancellation) =>
        List<BackboneInfo, BackboneInfo>(ObjectKind.Backbone, tenant, phase is { } p ? CatalogJson.Name(p) : null, after, limit, stored => stored, cancellation);

    /// <summary>Jobs by id, without the progress that only their grains know.</summary>
    public Task<Page<JobInfo>> ListJobs(string tenant, JobPhase? phase, string? after, int limit, CancellationToken cancellation) =>
        database.Read(async (catalog, stop) =>
        {
            var size = PageSize(limit);
            var named = phase is { } p ? CatalogJson.Name(p) : null;
            var rows = await catalog.Jobs
                .Where(j => j.Tenant == tenant && (named == null || j.Phase == named) && (after == null || string.Compare(j.Id, after) > 0))
                .OrderBy(j => j.Id).Take(size + 1).ToListAsync(stop).ConfigureAwait(false);
            return PageOf(rows, size, j => j.Id, j => CatalogJson.Read<JobInfo>(j.Info, j.Schema));
        }, cancellation);

    private Task<Page<TInfo>> List<TStored, TInfo>(
        ObjectKind kind, string tenant, string? phase, string? after, int limit, Func<TStored, TInfo> info, CancellationToken cancellation) =>
        database.Read(async (catalog, stop) =>
        {
            var (size, stored) = (PageSize(limit), kind.Stored());
            var rows = await catalog.Objects
                .Where(o => o.Kind == stored && o.Tenant == tenant && o.Phase != ObjectPhase.Deleted
                    && (phase == null || o.Phase == phase) && (after == null || string.Compare(o.Name, after) > 0))
                .OrderBy(o => o.Name).Take(size + 1).ToListAsync(stop).ConfigureAwait(false);
            return PageOf(rows, size, o => o.Name, o => info(CatalogJson.Read<TStored>(o.Payload, o.Schema)));
        }, cancellation);

    private static int PageSize(int limit) => Math.Clamp(limit, 1, MaxPage);

    // One row more than the page tells whether there is a next page.
    private static Page<TInfo> PageOf<TRow, TInfo>(List<TRow> rows, int size, Func<TRow, string> name, Func<TRow, TInfo> info) =>
        new([.. rows.Take(size).Select(info)], rows.Count > size ? name(rows[size - 1]) : null);
}
