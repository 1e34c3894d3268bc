using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Collection;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Datasets;

/// <summary>The archive of an import stands in the job's record only.</summary>
internal sealed class ArchiveReferences : IBlobReferences
{
    public async Task<IEnumerable<BlobAddress>> Used(
        CatalogContext catalog,
        bool everNamed,
        CancellationToken cancellation
    )
    {
        var imports = await (everNamed ? catalog.Jobs : catalog.Unfinished())
            .Where(j => j.Kind == "import")
            .Select(j => new
            {
                j.Tenant,
                j.Spec,
                j.Schema,
            })
            .ToListAsync(cancellation)
            .ConfigureAwait(false);
        return from import in imports
            let archive = CatalogJson.Read<JobSpec>(import.Spec, import.Schema).Import?.Blob
            where archive is not null
            select new BlobAddress(new(import.Tenant), archive);
    }
}
