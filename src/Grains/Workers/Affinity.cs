using ComodCluster.Api.Tasks;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Tasks;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Workers;

/// <summary>What a task shares with others on a worker: backbone and data set. Names cannot change while a task needs them.</summary>
public static class Affinity
{
    /// <summary>Key in the request context.</summary>
    public const string ContextKey = "comod.affinity";

    public static string Of(string tenant, TaskSpec spec) => $"{tenant}/{spec.Backbone}/{spec.Dataset}";

    /// <summary>Tells the placement of the grain that is called next, which is not in the catalog yet.</summary>
    public static void Announce(string affinity) => RequestContext.Set(ContextKey, affinity);

    internal static async Task<string?> OfTask(CatalogDatabase catalog, string uid, CancellationToken cancellation)
    {
        var row = await catalog.Read((rows, stop) => rows.Objects.SingleOrDefaultAsync(o => o.Uid == uid, stop), cancellation).ConfigureAwait(false);
        return row is { Kind: "task" } ? Of(row.Tenant, CatalogJson.Read<StoredTask>(row.Payload, row.Schema).Info.Spec) : null;
    }

    internal static async Task<string?> OfJob(CatalogDatabase catalog, string tenant, string id, CancellationToken cancellation) =>
        await catalog.FindJobSpec(new(tenant, id), cancellation).ConfigureAwait(false) is { } spec
            ? await OfTask(catalog, spec.SubjectUid, cancellation).ConfigureAwait(false)
            : null;
}
