using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Storage.Backup;

/// <summary>Whose blobs are lost, in words for an operator.</summary>
internal static class BlobOwners
{
    /// <summary>Owners that are named; of more the number is said.</summary>
    private const int Most = 20;

    /// <returns>The first of them, then <c>and N more blobs</c>.</returns>
    public static async Task<IReadOnlyList<string>> Of(
        CatalogContext catalog,
        IReadOnlyCollection<BlobAddress> blobs,
        CancellationToken cancellation
    )
    {
        var owners = new List<string>();
        foreach (var blob in blobs.Take(Most))
            owners.Add(await Of(catalog, blob, cancellation).ConfigureAwait(false));
        var named = owners.Distinct(StringComparer.Ordinal).ToList();
        if (blobs.Count > Most)
            named.Add($"and {blobs.Count - Most:N0} more blobs");
        return named;
    }

    private static async Task<string> Of(CatalogContext catalog, BlobAddress blob, CancellationToken cancellation)
    {
        var (tenant, digest) = (blob.Tenant.Value, blob.Digest);
        var alive = catalog.Objects.Where(o => o.Tenant == tenant && o.Phase != ObjectPhase.Deleted);
        if (
            await alive
                .Where(o => o.Blob == digest)
                .Select(o => new { o.Kind, o.Name })
                .FirstOrDefaultAsync(cancellation)
                .ConfigureAwait(false) is
            { } owner
        )
            return $"{owner.Kind} '{owner.Name}'";
        if (
            await catalog
                .Versions.Where(v => v.Digest == digest)
                .Join(alive, v => v.TaskUid, o => o.Uid, (v, o) => new { v.Number, o.Name })
                .FirstOrDefaultAsync(cancellation)
                .ConfigureAwait(false) is
            { } version
        )
            return $"version {version.Number} of task '{version.Name}'";
        return
            await catalog
                .Jobs.Where(j => j.Tenant == tenant && j.Checkpoint == digest)
                .Select(j => j.Id)
                .FirstOrDefaultAsync(cancellation)
                .ConfigureAwait(false)
                is { } job
            ? $"checkpoint of job '{job}'"
            : $"archive {digest[..12]} of an import";
    }
}
