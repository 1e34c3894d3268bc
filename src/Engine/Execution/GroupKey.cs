using System.Numerics;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Execution;

/// <summary>What lanes must have in common to share a table; readouts are bucketed by powers of two of K.</summary>
/// <param name="Cut">Where the passes begin.</param>
public readonly record struct GroupKey(
    string Backbone,
    NetworkPart Part,
    Cut Cut,
    GainForm Form,
    FurtherLayers? Also,
    int Rows,
    SlotLayout Slot
)
{
    public static GroupKey Of(Backbone backbone, Cut cut, TaskSettings settings, int outputs, bool trainsReadout)
    {
        var traits = MethodTraits.Of(settings.Method);
        var (form, also) =
            traits.Trains == NetworkPart.Couplings ? (settings.GainForm, FurtherLayers.Of(settings)) : default;
        return new GroupKey(
            backbone.Digest,
            traits.Trains,
            cut,
            form,
            also,
            settings.Batch,
            new SlotLayout(
                NetworkChange.Of(traits.Trains).ShapeOf(backbone, cut, settings),
                (int)BitOperations.RoundUpToPowerOf2((uint)outputs),
                backbone.FeatureWidth,
                traits.Trains != NetworkPart.None,
                trainsReadout,
                traits.Gain == GainSource.Gradient
            )
        );
    }
}
