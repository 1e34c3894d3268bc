namespace ComodCluster.Grains.Storage.Catalog.Rows;

/// <summary>A task needs a data set or backbone, which therefore cannot be deleted.</summary>
public sealed class LinkRow
{
    public required string FromUid { get; init; }
    public required string ToUid { get; init; }
}
