using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// Full fine-tuning: every convolution's kernel and bias as they are with batch norm folded in, so that its statistics
/// are frozen and its scale and shift are trained with them. U and V hold the changes of kernels and biases from the
/// backbone's; a batch is one task's. A checkpoint would be several times the network, so an interrupted lane begins
/// again.
/// </summary>
internal sealed class AllWeights : NetworkChange
{
    public override bool Packs => false;

    public override bool Resumes => false;

    public override Cut From(Cut cut) => Cut.Input;

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings) =>
        new(backbone.Layers.Convs.Sum(Elements), 1, backbone.Layers.Convs.Sum(c => c.Out));

    public override Tensor Features(
        Backbone backbone,
        Tensor h,
        Cut from,
        ChangeParameters parameters,
        StagePools? pools = null
    )
    {
        Pieces kernels = new(parameters.U, backbone.Layers.Convs.Select(Elements)),
            biases = new(parameters.V.select(1, 0), backbone.Layers.Convs.Select(c => c.Out));
        return backbone.Features(
            h,
            from,
            (conv, x) =>
            {
                var (kernel, bias) = backbone.Frozen(conv);
                return Backbone.Convolve(
                    conv,
                    x,
                    kernel.to(ScalarType.Float32) + kernels.Next().reshape(conv.Shape),
                    (bias.to(ScalarType.Float32) + biases.Next().reshape(conv.Out)).to(bias.dtype)
                );
            },
            pools: pools
        );
    }

    private static int Elements(ConvLayout conv) => conv.Out * conv.In * conv.Kernel * conv.Kernel;
}
