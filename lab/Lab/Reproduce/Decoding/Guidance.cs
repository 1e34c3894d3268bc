namespace ComodCluster.Lab.Reproduce.Decoding;

/// <summary>How the modulator-guided decoder finds its weights and threshold.</summary>
internal enum Guidance
{
    /// <summary>
    /// From the training trials alone: centred covariance over the mean count, threshold between the classes' means.
    /// </summary>
    Learned,

    /// <summary>The same without dividing by the mean count.</summary>
    Covariance,

    /// <summary>
    /// As <see cref="Learned"/>, with negative covariances cut to zero: couplings are known to be positive.
    /// </summary>
    Rectified,

    /// <summary>
    /// As the authors' code: covariance about zero over the known mean rate, and a threshold that knows rates,
    /// couplings and the modulator.
    /// </summary>
    Informed,
}
