using System.Text.Json.Serialization;
using ComodCluster.Api.Tasks;
using GainForm = ComodCluster.Engine.Tasks.GainForm;

namespace ComodCluster.Grains.Tasks;

/// <summary>What the catalog keeps of a task.</summary>
public sealed record StoredTask
{
    /// <summary>Earlier builds stored versions below the base as the active one, which nothing can answer.</summary>
    public required TaskInfo Info
    {
        get;
        init =>
            field =
                value.ActiveVersion >= 0
                    ? value
                    : value with
                    {
                        ActiveVersion = value.Readout == ReadoutMode.Own ? value.LatestVersion : 0,
                    };
    }
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

    /// <inheritdoc cref="DefaultForm"/>
    public string? Cut { get; init; }

    /// <inheritdoc cref="DefaultForm"/>
    public string? Also { get; init; }

    /// <inheritdoc cref="DefaultForm"/>
    public GainForm? GainForm { get; init; }

    [JsonIgnore]
    public DefaultForm Form => new(Cut, Also, GainForm);

    /// <summary>The latest job.</summary>
    public string? Job { get; init; }
}
