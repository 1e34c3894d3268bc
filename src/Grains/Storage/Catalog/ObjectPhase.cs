namespace ComodCluster.Grains.Storage.Catalog;

internal static class ObjectPhase
{
    /// <summary>Phase of the tombstones of every kind.</summary>
    public const string Deleted = "deleted";
}
