using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Readouts;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Episodes;

/// <summary>
/// A readout's features of some images as gains of the last stage that it reads make them; those of earlier stages are
/// the frozen network's.
/// </summary>
internal sealed class ModulatedPlace : IDisposable
{
    private readonly Tensor _frozen; // [n, D of the earlier stages]
    private readonly StageParts _parts;

    /// <param name="activations">At <see cref="CutOf"/>, [n, C, H, W].</param>
    /// <param name="records">Of the same images, float32 [n, width of a record].</param>
    /// <param name="grid">Cells of the couplings' grid, (h, w).</param>
    public ModulatedPlace(
        BackboneSpec spec,
        ReadoutPlace place,
        Tensor activations,
        Tensor records,
        (int Height, int Width) grid
    )
    {
        using var scope = NewDisposeScope();
        var (pools, layout) = (place.PoolsOf(spec), RecordLayout.Of(spec));
        _parts = new StageParts(activations, pools[^1].Side, place.Cell, grid);
        Tensor[] earlier =
        [
            .. pools.SkipLast(1).Select(pool => records.narrow(1, layout.OffsetOf(pool), pool.WidthOf(spec))),
        ];
        _frozen = (
            earlier.Length == 0 ? zeros([records.shape[0], 0], device: records.device) : cat(earlier, 1)
        ).DetachFromDisposeScope();
    }

    /// <summary>Where the gains are: behind them no layer runs in a step.</summary>
    public static Cut CutOf(BackboneSpec spec, ReadoutPlace place) => Cut.AfterStage(place.PoolsOf(spec)[^1].Stage);

    /// <param name="couplings">The result is differentiable with respect to them.</param>
    /// <param name="modulator">m.</param>
    /// <param name="images">Which of the images.</param>
    /// <returns>float32 [n, D]</returns>
    public Tensor Of(LayerCouplings couplings, double modulator, int[] images)
    {
        using var scope = NewDisposeScope();
        var which = tensor(Array.ConvertAll(images, i => (long)i), device: _frozen.device);
        return cat([_frozen.index_select(0, which), _parts.Of(couplings.Gains(modulator), which)], 1)
            .MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _frozen.Dispose();
        _parts.Dispose();
    }
}
