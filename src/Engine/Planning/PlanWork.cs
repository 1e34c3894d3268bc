using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Planning;

/// <summary>A task to plan for.</summary>
public sealed record PlanWork
{
    public string Tenant { get; init; } = "";

    /// <summary>Digest of a resident backbone.</summary>
    public required string BackboneDigest { get; init; }

    /// <summary>Stays open until the plan is there.</summary>
    public required DatasetPack Pack { get; init; }

    public required TaskDefinition Task { get; init; }

    /// <summary>Names of the rows of the backbone's head; null: those of its description.</summary>
    public IReadOnlyList<string>? HeadClasses { get; init; }

    /// <summary>
    /// Settings of the adaptation that is planned; its method, cut and steps are what costs are given for where the
    /// plan knows nothing better.
    /// </summary>
    public TaskSettings Settings { get; init; } = new();

    /// <summary>Training images that are looked at, drawn stratified by the settings' seed: 16 to 512.</summary>
    public int Images { get; init; } = MostImages;

    /// <summary>
    /// By how much the noise may raise the expected held-out loss, as a share of the loss without couplings.
    /// </summary>
    public double LossBound { get; init; } = 0.01;

    public const int MostImages = 512;
}
