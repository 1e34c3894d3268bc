namespace ComodCluster.Grains.Storage.Identity;

/// <summary>What a catalog says of itself.</summary>
/// <param name="Cluster">Id of the cluster; null before its first silo.</param>
/// <param name="Blobs">Mark of the blobs that belong to it; null before its first silo.</param>
/// <param name="Writes">Transactions that were counted.</param>
/// <param name="LastWrite">Only to be shown: it is of a silo's clock.</param>
/// <param name="IsEmpty">It has no object, and had none.</param>
internal sealed record CatalogMark(string? Cluster, string? Blobs, long Writes, DateTimeOffset? LastWrite, bool IsEmpty)
{
    /// <summary>Of a database that was not made yet.</summary>
    public static CatalogMark None { get; } = new(null, null, 0, null, IsEmpty: true);
}
