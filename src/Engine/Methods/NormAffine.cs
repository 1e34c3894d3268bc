using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// Scale and shift of every batch norm, its statistics frozen. Batch norm is folded into the convolutions: a scale and
/// a shift of each convolution's output reach the same functions with as many parameters. U holds the scales less 1, V
/// the shifts, from the input on; so nothing of the network is frozen before them.
/// </summary>
internal sealed class NormAffine : NetworkChange
{
    public override Cut From(Cut cut) => Cut.Input;

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings) =>
        new(Widths(backbone).Sum(), 1, Widths(backbone).Sum());

    public override Tensor Features(
        Backbone backbone,
        Tensor h,
        Cut from,
        ChangeParameters parameters,
        StagePools? pools = null
    )
    {
        Pieces scales = new(parameters.U, Widths(backbone)),
            shifts = new(parameters.V.select(1, 0), Widths(backbone));
        return backbone.Features(
            h,
            from,
            (conv, x) => ChannelAffine.Apply(backbone.Convolve(conv, x), scales.Next(), shifts.Next()),
            pools: pools
        );
    }

    private static IEnumerable<int> Widths(Backbone backbone) => backbone.Layers.Convs.Select(c => c.Out);
}
