using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Contracts;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Silo.Api.Datasets;

/// <summary>Single images of imported data sets.</summary>
public sealed class DatasetImages(BlobStore blobs)
{
    /// <param name="index">Place in the split, from 0.</param>
    /// <exception cref="ComodException">not-ready (409): not imported; not-found (404): the split is shorter;
    /// blob-damaged.</exception>
    public async Task<DatasetImage> Read(
        TenantName tenant,
        DatasetInfo dataset,
        DatasetSplit split,
        int index,
        CancellationToken cancellation
    )
    {
        if (dataset is not { Phase: DatasetPhase.Ready, Digest: { } digest })
            throw ComodException.Conflict(
                ErrorCodes.NotReady,
                $"The data set '{dataset.Name}' is not imported; see its job '{dataset.Job}'."
            );
        using var pack = DatasetPack.Open(await blobs.OpenAsync(tenant, digest, cancellation));
        var places = pack.Indices(split);
        if (index < 0 || index >= places.Count)
            throw new ComodException(
                ErrorCodes.NotFound,
                404,
                $"The {split.ToString().ToLowerInvariant()} split of '{dataset.Name}' has {places.Count} images; "
                    + $"take an index below that."
            );
        return new DatasetImage(pack.ReadImage(places[index]).ToArray(), Label(pack, places[index]));
    }

    private static string Label(DatasetPack pack, int place)
    {
        var labels = pack.Labels(place);
        return pack.Manifest.Kind == DatasetKind.Classes
            ? pack.Manifest.Names[labels[0]]
            : string.Join(',', pack.Manifest.Names.Where((_, attribute) => labels[attribute] != 0));
    }
}
