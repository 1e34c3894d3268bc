using System.Security.Cryptography;
using System.Text;
using ComodCluster.Grains.Storage.Blobs;

namespace ComodCluster.Grains.Storage.Collection;

/// <summary>
/// Blobs that neither a row nor a deleted object names. A few have good reasons: uploads that a silo died over, the
/// last checkpoints of jobs that were killed. Many say that the catalog has lost rows.
/// </summary>
internal static class StrayBlobs
{
    private const int Few = 10;
    private const double SmallPart = 0.1;

    /// <param name="named">Blobs that rows name.</param>
    /// <param name="all">Blobs that there are.</param>
    public static bool AreTooMany(int strays, int named, int all) =>
        strays > (named == 0 ? 0 : Math.Max(Few, all * SmallPart));

    /// <summary>A word for these blobs and no others.</summary>
    public static string WordOf(IEnumerable<ListedBlob> strays)
    {
        var names = strays.Select(b => $"{b.Blob.Tenant}/{b.Blob.Digest}").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))))[..8];
    }
}
