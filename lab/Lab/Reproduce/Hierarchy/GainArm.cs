namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>
/// The arms that leave all weights alone: they share data, order and weights, and advance together as the eight runs of
/// a tile.
/// </summary>
/// <remarks>The first four are the ones whose covariance is computed.</remarks>
internal enum GainArm
{
    Comodulation,
    Shuffled,
    Seldom,
    Gain,
    Rate,
    Difference,
    TrainedGain,
    ZeroInput,
}
