namespace ComodCluster.Engine.Metrics;

/// <summary>
/// A version's calibration after temperature scaling (Guo et al. 2017), fitted on images that are neither trained nor
/// tested on.
/// </summary>
/// <param name="Temperature">The logits are divided by it.</param>
/// <param name="Ece">As <see cref="ClassificationMetrics.Ece"/>, of the scaled probabilities.</param>
/// <param name="Nll">As <see cref="ClassificationMetrics.Nll"/>, of the scaled probabilities.</param>
public sealed record Calibration(double Temperature, double Ece, double Nll);
