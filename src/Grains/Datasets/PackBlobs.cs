using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Grains.Datasets;

/// <summary>
/// Packs in the blob store. They carry checksums of their own, which are compared as images are read.
/// </summary>
internal static class PackBlobs
{
    /// <exception cref="ComodException">blob-damaged: names the data set.</exception>
    public static async Task<DatasetPack> OpenPack(
        this BlobStore blobs,
        TenantName tenant,
        string digest,
        string dataset,
        CancellationToken cancellation
    )
    {
        try
        {
            return DatasetPack.Open(
                await blobs.OpenAsync(tenant, digest, cancellation, Images(dataset)).ConfigureAwait(false)
            );
        }
        catch (InputException e) when (IsDamage(e))
        {
            throw BlobFaults.Changed(digest, Images(dataset), e);
        }
    }

    /// <summary>Bytes that are stored again get the name that they had.</summary>
    public static BlobUse Images(string dataset) =>
        BlobUse.Restorable(
            $"The pack with the images of the data set '{dataset}'",
            "import the same data again under another name, which brings the same blob back"
        );

    /// <summary>Whether a reader of a pack found other bytes than were stored.</summary>
    public static bool IsDamage(InputException failure) => failure.Code is "pack-corrupt" or "pack-unreadable";
}
