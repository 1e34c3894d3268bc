namespace ComodCluster.Grains.Storage.Catalog.Rows;

/// <summary>One version of a task. Append-only.</summary>
public sealed class VersionRow
{
    public required string TaskUid { get; init; }

    /// <summary>1, 2, ... within the task.</summary>
    public required int Number { get; init; }

    /// <summary>Id of the job that made it.</summary>
    public required string Job { get; init; }

    /// <summary>Digest of the state's blob.</summary>
    public required string Digest { get; init; }

    public required int Schema { get; init; }

    /// <summary>JSON of what its feature keeps of a version.</summary>
    public required string Payload { get; init; }
}
