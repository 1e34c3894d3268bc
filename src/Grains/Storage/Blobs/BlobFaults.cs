using ComodCluster.Api;
using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Blobs;

/// <summary>A blob that a row names and that cannot be read as it was stored.</summary>
internal static class BlobFaults
{
    public static ComodException Missing(string digest, BlobUse? use) => Damaged(digest, "is missing", use, null);

    /// <param name="cause">Where a checksum of the blob's own format did not fit.</param>
    public static ComodException Changed(string digest, BlobUse? use, Exception? cause = null) =>
        Damaged(digest, "has changed since it was stored", use, cause);

    private static ComodException Damaged(string digest, string how, BlobUse? use, Exception? cause)
    {
        var (what, fix) = use ?? BlobUse.Unknown;
        return new(ErrorCodes.BlobDamaged, 503, $"{what} {how} (blob {digest[..12]}); {fix}.", cause);
    }
}
