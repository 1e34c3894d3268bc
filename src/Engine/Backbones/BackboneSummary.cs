namespace ComodCluster.Engine.Backbones;

/// <summary>What is known of a resident backbone.</summary>
/// <param name="Spec">Several backbones may have these weights: the names of its classes are those of one of
/// them.</param>
/// <param name="DescribesItself">Whether the description is the weights' own.</param>
public sealed record BackboneSummary(
    string Digest,
    BackboneSpec Spec,
    bool DescribesItself,
    long Parameters,
    int FeatureWidth,
    IReadOnlyList<string> Cuts
);
