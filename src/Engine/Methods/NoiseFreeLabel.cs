using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// Labels that need no noise: the controls of docs/method.md#methods. Scaled by sigma^2 like a covariance, so that one
/// rule says for all where there is no signal;
/// <see cref="DecoderGain.Update"/> normalises the scale away.
/// </summary>
public static class NoiseFreeLabel
{
    /// <summary>a_j = E_x[d_j(x; mu)]: one suffix pass.</summary>
    /// <param name="response">Runs the suffix.</param>
    /// <param name="mu">[S, 1]</param>
    /// <param name="sigma">[S, 1]</param>
    public static CovarianceEstimate Rate(CovarianceLabel.Response response, Tensor mu, Tensor sigma)
    {
        var (mean, absolute) = response(mu);
        return new CovarianceEstimate(mean * (sigma * sigma), absolute);
    }

    /// <summary>
    /// a_j = E_x[d_j(x; mu) - d_j(x; 0)], where m = 0 leaves every unit's gain at 1: two suffix passes. To first order
    /// |mu| / sigma^2 times the covariance for mu above 0.
    /// </summary>
    /// <inheritdoc cref="Rate"/>
    public static CovarianceEstimate Difference(CovarianceLabel.Response response, Tensor mu, Tensor sigma)
    {
        var (with, absolute) = response(mu);
        var (without, _) = response(zeros_like(mu));
        return new CovarianceEstimate((with - without) * (sigma * sigma / mu.abs()), absolute);
    }
}
