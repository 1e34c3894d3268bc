using ComodCluster.Engine.Native;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>Scale and shift of each channel, of each segment its own.</summary>
internal static class ChannelAffine
{
    /// <summary>x (1 + u) + v in float32, rounded to the type of x: at u = v = 0 exactly x.</summary>
    /// <param name="x">[S r, C, H, W]</param>
    /// <param name="u">[S, C]</param>
    /// <param name="v">[S, C]</param>
    /// <returns>A new tensor like x.</returns>
    public static Tensor Apply(Tensor x, Tensor u, Tensor v) =>
        (x.to(ScalarType.Float32) * ByRow(u + Scalars.One, x) + ByRow(v, x)).to(x.dtype);

    /// <returns>[S r, C, 1, 1]</returns>
    private static Tensor ByRow(Tensor perSegment, Tensor x)
    {
        long segments = perSegment.shape[0],
            channels = perSegment.shape[1];
        return perSegment
            .unsqueeze(1)
            .expand(segments, x.shape[0] / segments, channels)
            .reshape(x.shape[0], channels, 1, 1);
    }
}
