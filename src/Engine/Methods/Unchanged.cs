using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>The frozen network: nothing but a readout is the task's.</summary>
internal sealed class Unchanged : NetworkChange
{
    public override Cut From(Cut cut) => Cut.Pool;

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings) => default;

    public override bool TrainsU(TaskSettings settings) => false;

    public override bool TrainsV(TaskSettings settings) => false;

    public override Tensor Features(
        Backbone backbone,
        Tensor h,
        Cut from,
        ChangeParameters parameters,
        StagePools? pools = null
    ) => h.alias();
}
