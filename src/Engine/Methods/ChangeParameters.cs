using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>Parameters of a batch of S segments, in float32. A segment is rows of one task.</summary>
/// <param name="U">[S, U]</param>
/// <param name="V">[S, VHeight, VWidth]</param>
/// <param name="Modulator">[S, 1], or [S, C] where it differs between channels. Of couplings only, as what
/// follows.</param>
/// <param name="Bound">cap / |mu|, [S, 1].</param>
/// <param name="Form">Form of the gain.</param>
/// <param name="Also">Layers that are modulated besides the cut; null: none.</param>
internal readonly record struct ChangeParameters(
    Tensor U,
    Tensor V,
    Tensor Modulator,
    Tensor Bound,
    GainForm Form,
    FurtherLayers? Also
)
{
    /// <summary>Some of the segments.</summary>
    public ChangeParameters Narrow(long from, long count) =>
        new(
            U.narrow(0, from, count),
            V.narrow(0, from, count),
            Modulator.narrow(0, from, count),
            Bound.narrow(0, from, count),
            Form,
            Also
        );
}
