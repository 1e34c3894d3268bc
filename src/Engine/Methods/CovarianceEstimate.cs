using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// a_j = E_x[Cov_m(d_j(x; m), m)], and the size of the responses that the no-signal rule compares it with.
/// </summary>
/// <param name="Covariance">[S, D], not yet rectified.</param>
/// <param name="MeanActivity">Mean |d_j| over rows and modulator values, shaped likewise.</param>
public readonly record struct CovarianceEstimate(Tensor Covariance, Tensor MeanActivity);
