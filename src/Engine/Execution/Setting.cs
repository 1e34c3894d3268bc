namespace ComodCluster.Engine.Execution;

/// <summary>
/// What differs between the lanes of a batch, besides parameters and images: a column each of
/// <see cref="BatchSettings"/>.
/// </summary>
internal enum Setting
{
    Mu,
    Sigma,

    /// <summary>cap / |mu|</summary>
    Bound,

    Penalty,
    URate,
    VRate,
    ReadoutRate,
    GainRate,

    /// <summary>1 - 0.9^t of Adam's step t.</summary>
    FirstCorrection,

    /// <summary>1 - 0.999^t of Adam's step t.</summary>
    SecondCorrection,
    Outputs,

    /// <summary>1 where outputs do not exclude each other.</summary>
    Attributes,
}
