namespace ComodCluster.Engine.Planning;

/// <param name="Loss">Expected held-out loss with the noise on, nats.</param>
/// <param name="Raised">By how much it is above the loss without noise, as a share of the loss without
/// couplings.</param>
/// <param name="Explained">Share of the features' variance that the modulator explains.</param>
public sealed record SigmaPoint(double Sigma, double Loss, double Raised, double Explained);
