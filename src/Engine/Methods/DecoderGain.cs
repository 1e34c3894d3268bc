using ComodCluster.Engine.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// The decoder gain's memory: computed from the covariance label (docs/method.md#equations), or a control's; the
/// control that trains it projects it.
/// </summary>
public static class DecoderGain
{
    /// <summary>Below this share of sigma^2 times the responses the covariance is rounding noise.</summary>
    private static readonly Scalar NoSignal = LibTorch.ScalarOf(1e-4);

    private static readonly Scalar LongestMemory = LibTorch.ScalarOf(100);

    /// <summary>
    /// g &lt;- normalised (g tau + a) / (tau + 1), tau &lt;- min(100, tau + 1); segments without a signal keep both.
    /// </summary>
    /// <param name="g">Decoder gain, [S, D], mean 1.</param>
    /// <param name="tau">Memory, [S, 1], 1 to 100.</param>
    /// <param name="sigma">[S, 1]</param>
    /// <param name="estimate">Estimate of the covariance, [S, D].</param>
    public static (Tensor G, Tensor Tau) Update(Tensor g, Tensor tau, Tensor sigma, CovarianceEstimate estimate)
    {
        var a = estimate.Covariance.clamp_min(Scalars.Zero); // [S, D]
        var total = a.sum(-1, keepdim: true); // [S, 1]
        // A NaN compares false on both sides: the segment keeps its gain, and the step's guard sees the cause.
        var signal = (total >= sigma * sigma * NoSignal * estimate.MeanActivity.sum(-1, keepdim: true)).logical_and(
            total > Scalars.Zero
        );
        var label = a / a.mean([-1], keepdim: true);
        var next = (g * tau + label) / (tau + Scalars.One);
        next = next / next.mean([-1], keepdim: true);
        return (where(signal, next, g), where(signal, (tau + Scalars.One).clamp_max(LongestMemory), tau));
    }

    /// <summary>Back to gains that are not negative and have mean 1, after a step of gradient descent.</summary>
    /// <param name="g">[S, D]; NaN where a segment has no positive gain left.</param>
    public static Tensor Project(Tensor g)
    {
        var positive = g.clamp_min(Scalars.Zero);
        return positive / positive.mean([1], keepdim: true);
    }
}
