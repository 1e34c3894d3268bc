using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Contracts.Workers;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Workers;

/// <summary>What grains share with others, from the catalog or from whoever calls them first.</summary>
internal sealed class Affinities(CatalogDatabase catalog, IEnumerable<IAffinitySource> sources)
{
    private const string ContextKey = "comod.affinity";

    /// <summary>Tells the placement of the grain that is called next, which is not in the catalog yet.</summary>
    public static void Announce(Affinity affinity) => RequestContext.Set(ContextKey, affinity.ToString());

    public static string? Announced(Dictionary<string, object>? context) =>
        context?.GetValueOrDefault(ContextKey) as string;

    /// <summary>Null where nothing is known of the object.</summary>
    /// <exception cref="ComodException">storage-unavailable, record-unreadable.</exception>
    public async Task<string?> OfObject(string uid, CancellationToken cancellation) =>
        await catalog
            .Read((rows, stop) => rows.Objects.SingleOrDefaultAsync(o => o.Uid == uid, stop), cancellation)
            .ConfigureAwait(false)
            is { } row
            ? sources.FirstOrDefault(s => s.Kind.Name == row.Kind)?.Of(row).ToString()
            : null;

    /// <inheritdoc cref="OfObject"/>
    public async Task<string?> OfJob(JobKey job, CancellationToken cancellation)
    {
        var subject = await catalog
            .Read(
                (rows, stop) =>
                    rows
                        .Jobs.Where(j => j.Tenant == job.Tenant.Value && j.Id == job.Id)
                        .Select(j => j.SubjectUid)
                        .SingleOrDefaultAsync(stop),
                cancellation
            )
            .ConfigureAwait(false);
        return subject is null ? null : await OfObject(subject, cancellation).ConfigureAwait(false);
    }
}
