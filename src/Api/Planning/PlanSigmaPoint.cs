namespace ComodCluster.Api.Planning;

/// <summary>
/// Expected held-out loss with the noise on, by how much the noise raises it (as a share of the loss without
/// couplings), and the share of the features' variance that the modulator explains.
/// </summary>
[GenerateSerializer, Alias("comod.PlanSigmaPoint")]
public sealed record PlanSigmaPoint(
    [property: Id(0)] double Sigma,
    [property: Id(1)] double Loss,
    [property: Id(2)] double Raised,
    [property: Id(3)] double Explained
);
