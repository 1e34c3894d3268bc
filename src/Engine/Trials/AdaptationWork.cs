using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>One job: trials of one task on one data set. Trials of all running jobs share batches.</summary>
public sealed record AdaptationWork
{
    /// <summary>Tenants share no activations.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Digest of a resident backbone.</summary>
    public required string BackboneDigest { get; init; }

    /// <summary>Stays open until the job has ended.</summary>
    public required DatasetPack Pack { get; init; }

    public required TaskDefinition Task { get; init; }

    public required IReadOnlyList<TaskSettings> Trials { get; init; }

    /// <summary>
    /// The trials are candidates of one choice: each says how it did on held-out images, whatever its gate's policy,
    /// and one that diverges ends alone and has no result.
    /// Below <see cref="Choice.PartFrom"/> examples they are cross-validated.
    /// </summary>
    public bool Compared { get; init; }

    /// <summary>State that an earlier run of the same work handed to its observer; null: from the start.</summary>
    public byte[]? Checkpoint { get; init; }

    /// <summary>
    /// Asks the job to hand its observer a last checkpoint and to end as cancelled, so that it goes on elsewhere.
    /// </summary>
    public CancellationToken HandOver { get; init; }
}
