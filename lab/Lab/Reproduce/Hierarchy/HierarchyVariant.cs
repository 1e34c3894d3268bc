namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>How couplings are trained.</summary>
/// <param name="Rate">Rate of Adam.</param>
/// <param name="Start">First value of the trained numbers, whose squares are the couplings.</param>
internal sealed record HierarchyVariant(string Name, float Rate = 1e-3f, float Start = 1)
{
    public KeptBy KeptBy { get; init; }

    public HiddenLayersLearn Learn { get; init; }

    /// <summary>
    /// Whether all weights, and the readout alone, are trained too, in eights of seeds; otherwise they are the usual
    /// training's.
    /// </summary>
    public bool OfWeights { get; init; }

    /// <summary>Some of all numbers of points.</summary>
    public IReadOnlyList<int> Points { get; init; } = [200];

    /// <summary>The first three have one task each.</summary>
    public int Seeds { get; init; } = 3;
}
