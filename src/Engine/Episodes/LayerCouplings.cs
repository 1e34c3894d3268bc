using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Episodes;

/// <summary>Couplings of one layer of one task.</summary>
/// <param name="U">[1, C]</param>
/// <param name="V">[1, h, w]</param>
/// <param name="Bound">cap / |mu|.</param>
internal sealed record LayerCouplings(Tensor U, Tensor V, double Bound, GainForm Form)
{
    /// <returns>Gains of the units on the coarse grid, [1, C, h, w].</returns>
    public Tensor Gains(double modulator)
    {
        var c = EncoderGain.Couplings(U, V, Filled(Bound));
        return EncoderGain.Gamma(c, Filled(modulator), Form);
    }

    private Tensor Filled(double value) => tensor([(float)value], [1, 1, 1, 1], device: U.device);
}
