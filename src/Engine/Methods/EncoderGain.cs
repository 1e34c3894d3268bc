using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// Couplings and the gains that they give a batch of S segments with R rows each (docs/method.md#equations). Any
/// floating type.
/// </summary>
public static class EncoderGain
{
    /// <summary>c = u[c] + v[y, x], clamped so that |c mu| stays within the cap.</summary>
    /// <param name="u">Channel couplings, [S, C].</param>
    /// <param name="v">Spatial couplings, [S, h, w].</param>
    /// <param name="bound">cap / |mu|, [S, 1, 1, 1].</param>
    /// <returns>[S, C, h, w]</returns>
    public static Tensor Couplings(Tensor u, Tensor v, Tensor bound) =>
        // Laid out channels-last, as the activations that the gains multiply are.
        minimum(maximum((u.unsqueeze(1).unsqueeze(1) + v.unsqueeze(-1)).permute(0, 3, 1, 2), -bound), bound);

    /// <param name="c">Couplings, [S, C, h, w].</param>
    /// <param name="m">Modulator, [S, 1, 1, 1], or [S, C, 1, 1] where it differs between channels.</param>
    /// <param name="form">exp(c m), max(0, 1 + c m) or |1 + c m|.</param>
    /// <returns>[S, C, h, w]</returns>
    public static Tensor Gamma(Tensor c, Tensor m, GainForm form) =>
        form switch
        {
            GainForm.Exponential => (c * m).exp(),
            GainForm.Rectified => (Scalars.One + c * m).clamp_min(Scalars.Zero),
            _ => (Scalars.One + c * m).abs(),
        };

    /// <summary>
    /// gamma h: the gain of a segment times the activations of its rows, up-sampled to them (nearest).
    /// </summary>
    /// <param name="h">Activations, [S R, C, H, W].</param>
    /// <param name="gamma">[S, C, h, w]</param>
    /// <returns>[S R, C, H, W]</returns>
    public static Tensor Modulate(Tensor h, Tensor gamma)
    {
        long segments = gamma.shape[0],
            rows = h.shape[0] / segments,
            height = h.shape[2],
            width = h.shape[3];
        if (gamma.shape[2] != height || gamma.shape[3] != width)
            gamma = nn.functional.interpolate(gamma, [height, width], mode: InterpolationMode.Nearest); // [S, C, H, W]
        return (h.view(segments, rows, h.shape[1], height, width) * gamma.unsqueeze(1)).flatten(0, 1);
    }
}
