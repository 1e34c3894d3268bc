using System.Collections.Frozen;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// How a task's parameters enter the network: which there are, where they start, where the first of them acts, and the
/// pass from there to the features.
/// One for each <see cref="NetworkPart"/>; lanes, batches and predictions know no other difference between methods.
/// </summary>
internal abstract class NetworkChange
{
    private static readonly FrozenDictionary<NetworkPart, NetworkChange> Changes = new Dictionary<
        NetworkPart,
        NetworkChange
    >
    {
        [NetworkPart.None] = new Unchanged(),
        [NetworkPart.Couplings] = new CouplingGain(),
        [NetworkPart.StageAffine] = new StageAffine(),
        [NetworkPart.NormAffine] = new NormAffine(),
        [NetworkPart.LowRank] = new LowRank(),
        [NetworkPart.Weights] = new AllWeights(),
    }.ToFrozenDictionary();

    public static NetworkChange Of(NetworkPart part) => Changes[part];

    public static NetworkChange Of(Method method) => Changes[MethodTraits.Of(method).Trains];

    /// <summary>Whether rows of several tasks go through the network together; else a batch is one task's.</summary>
    public virtual bool Packs => true;

    /// <summary>Whether a checkpoint holds the parameters; else a lane that was interrupted begins again.</summary>
    public virtual bool Resumes => true;

    /// <summary>Where the passes of a task begin: all before is frozen, and computed once for each image.</summary>
    /// <param name="cut">The encoder layer of the task's settings.</param>
    public abstract Cut From(Cut cut);

    public abstract ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings);

    public virtual bool TrainsU(TaskSettings settings) => true;

    public virtual bool TrainsV(TaskSettings settings) => true;

    /// <summary>
    /// Where U starts, [U]; null: at 0, as V does. The network's outputs are then those of the frozen one.
    /// </summary>
    public virtual float[]? StartOfU(Backbone backbone, ChangeShape shape, TaskSettings settings) => null;

    /// <summary>Differentiable with respect to the parameters.</summary>
    /// <param name="backbone">Frozen; not written to.</param>
    /// <param name="h">What <see cref="Backbone.Prefix"/> gives at <paramref name="from"/>: rows of the first segment,
    /// of the second, ...: [S r, C, H, W].</param>
    /// <param name="from">As <see cref="From"/>.</param>
    /// <param name="parameters">S is 1 where <see cref="Packs"/> is not.</param>
    /// <param name="pools">Take the outputs of the stages from <paramref name="from"/> on, as the task has them.</param>
    /// <returns>float32 [S r, D]</returns>
    public abstract Tensor Features(
        Backbone backbone,
        Tensor h,
        Cut from,
        ChangeParameters parameters,
        StagePools? pools = null
    );
}
