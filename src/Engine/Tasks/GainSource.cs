namespace ComodCluster.Engine.Tasks;

/// <summary>
/// Where a task's decoder gain comes from. All but <see cref="One"/> have mean 1 and are never negative.
/// </summary>
public enum GainSource
{
    /// <summary>There is none: 1 for every unit.</summary>
    One,

    /// <summary>Covariance with the modulator, averaged over the refreshes.</summary>
    Covariance,

    /// <summary>Mean activity, averaged likewise; no noise.</summary>
    Rate,

    /// <summary>Mean activity with the gains less that without them, averaged likewise; no noise.</summary>
    Difference,

    /// <summary>Projected gradient descent along with the couplings; no noise.</summary>
    Gradient,
}
