using ComodCluster.Contracts;

namespace ComodCluster.Grains.Blobs;

/// <summary>A blob that a row names and that cannot be read as it was stored.</summary>
internal static class BlobFaults
{
    public static ComodException Missing(string digest) => Damaged(digest, "is missing");

    public static ComodException Changed(string digest) => Damaged(digest, "has changed since it was stored");

    private static ComodException Damaged(string digest, string what) => new(ErrorCodes.BlobDamaged, 503,
        $"Stored data {what} (blob {digest[..12]}); restore it from a copy of the blobs, or upload or adapt again.");
}
