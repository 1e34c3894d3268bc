using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Planning;

/// <summary>Which amplitudes are safe.</summary>
public sealed record SigmaPlan
{
    public required Cut Cut { get; init; }

    /// <summary>
    /// By how much the noise may raise the expected held-out loss, as a share of the loss without couplings.
    /// </summary>
    public required double Bound { get; init; }

    /// <summary>Largest sigma within the bound.</summary>
    public required double Safe { get; init; }

    /// <summary>False where even the largest amplitude that was tried stays within the bound.</summary>
    public required bool Limited { get; init; }

    /// <summary>
    /// Share of the variance of the decoder's features that the modulator explains at <see cref="Safe"/>.
    /// </summary>
    public required double Explained { get; init; }

    /// <summary>Largest |coupling| of the probe step that the noise acted through.</summary>
    public required double LargestCoupling { get; init; }

    public required IReadOnlyList<SigmaPoint> Points { get; init; }
}
