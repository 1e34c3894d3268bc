namespace ComodCluster.Engine.Planning;

/// <summary>What a readout makes of one image.</summary>
/// <param name="Loss">Negative log-likelihood, nats; of attributes the mean.</param>
/// <param name="Right">1 or 0; of attributes the share that is right.</param>
/// <param name="Curvature">
/// Factor from the outer product of the loss's gradient to the Gauss-Newton matrix: tr Cov(y | p) / |y - p|^2, exact
/// for two classes and for one attribute, and right in its trace over the logits otherwise.
/// </param>
public readonly record struct TrialOutcome(double Loss, double Right, double Curvature);
