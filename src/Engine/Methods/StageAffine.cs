using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// FiLM (Perez et al. 2018) of a frozen residual network: scale and shift of every channel of every stage's output,
/// from the first stage on. U holds the scales less 1,
/// V the shifts, stage by stage. What comes before the first stage's output is frozen, so its activations are computed
/// once.
/// </summary>
internal sealed class StageAffine : NetworkChange
{
    public override Cut From(Cut cut) => Cut.AfterStage(1);

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings) =>
        new(backbone.Layers.StageWidths.Sum(), 1, backbone.Layers.StageWidths.Sum());

    public override Tensor Features(
        Backbone backbone,
        Tensor h,
        Cut from,
        ChangeParameters parameters,
        StagePools? pools = null
    )
    {
        Pieces scales = new(parameters.U, backbone.Layers.StageWidths),
            shifts = new(parameters.V.select(1, 0), backbone.Layers.StageWidths);
        Tensor Stage(Tensor x) => ChannelAffine.Apply(x, scales.Next(), shifts.Next());
        return backbone.Features(Stage(h), from, backbone.Convolve, Stage, pools);
    }
}
