using ComodCluster.Contracts;

namespace ComodCluster.Grains.Storage.Catalog;

/// <summary>
/// What the catalog keeps of the cluster as a whole: one row, which is missing until the format is first raised.
/// </summary>
internal sealed record StoredCluster(int Format)
{
    public const string Uid = "cluster";

    public static ObjectLayout<StoredCluster> Layout { get; } = new(new ObjectKind("cluster"), _ => "ready", _ => null);
}
