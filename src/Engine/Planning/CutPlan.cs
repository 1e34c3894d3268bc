using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Planning;

/// <summary>
/// Scores of a cut. Those of features are of its activations, averaged over their positions; at the last cut these are
/// the penultimate features.
/// </summary>
public sealed record CutPlan
{
    public required Cut Cut { get; init; }

    /// <summary>
    /// 1 is the recommended cut: the default one unless another promises more for certain. The others follow by what
    /// was measured.
    /// </summary>
    public required int Rank { get; init; }

    /// <summary>See <see cref="Planning.LogMe"/>.</summary>
    public required double LogMe { get; init; }

    /// <summary>See <see cref="Planning.HScore"/>.</summary>
    public required double HScore { get; init; }

    /// <summary>Cross-validated accuracy of a logistic regression.</summary>
    public required Interval Probe { get; init; }

    /// <summary>
    /// Decrease of the held-out loss that one cross-validated Gauss-Newton step of the couplings promises by its
    /// quadratic model, nats; from one forward and one backward pass.
    /// </summary>
    public required Interval Promised { get; init; }

    /// <summary>Decrease of the held-out loss that the same step was measured to bring, nats.</summary>
    public required Interval Measured { get; init; }

    /// <summary>Held-out accuracy after that step, and the change by it, over the same images.</summary>
    public required Interval Accuracy { get; init; }
    public required Interval Gained { get; init; }

    /// <summary>Bytes of one image's prefix activations.</summary>
    public required int PrefixBytes { get; init; }
}
