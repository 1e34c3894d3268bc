using ComodCluster.Contracts.Tasks;

namespace ComodCluster.Grains.Catalog;

/// <summary>What the catalog keeps of a task.</summary>
public sealed record StoredTask
{
    public required TaskInfo Info { get; init; }
    public required string BackboneUid { get; init; }
    public required string BackboneDigest { get; init; }
    public required string DatasetUid { get; init; }
    public required string DatasetDigest { get; init; }

    /// <summary>Index of each class in the data set's manifest.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>Row of the backbone's head for each class; empty with a readout of its own.</summary>
    public required IReadOnlyList<int> HeadRows { get; init; }

    /// <summary>Labels are attributes, independent of each other.</summary>
    public required bool Attributes { get; init; }

    /// <summary>Cut where neither its options nor a request name a layer; null: the engine's, as for tasks of earlier builds.</summary>
    public string? Cut { get; init; }

    /// <summary>Layer that is modulated besides the task's cut where neither its options nor a request say otherwise; null: none, as for tasks of earlier builds.</summary>
    public string? Also { get; init; }

    /// <summary>The latest job.</summary>
    public string? Job { get; init; }
}
