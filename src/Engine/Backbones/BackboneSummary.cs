namespace ComodCluster.Engine.Backbones;

/// <summary>What is known of a resident backbone.</summary>
public sealed record BackboneSummary(
    string Digest,
    BackboneSpec Spec,
    long Parameters,
    int FeatureWidth,
    IReadOnlyList<string> Cuts
);
