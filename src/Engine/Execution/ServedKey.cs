using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Execution;

/// <summary>What served tasks must have in common to share a batch.</summary>
/// <param name="Only">The one task of the batch, where tasks cannot share one.</param>
public readonly record struct ServedKey(
    string Backbone,
    NetworkPart Part,
    Cut Cut,
    int GridHeight,
    int GridWidth,
    GainForm Form,
    FurtherLayers? Also,
    ServedTask? Only
)
{
    public static ServedKey Of(ServedTask task) =>
        task.Part == NetworkPart.Couplings
            ? new ServedKey(
                task.BackboneDigest,
                task.Part,
                task.Cut,
                Math.Max(1, task.State!.GridHeight),
                Math.Max(1, task.State.GridWidth),
                task.Settings.GainForm,
                FurtherLayers.Of(task.Settings),
                null
            )
            : new ServedKey(
                task.BackboneDigest,
                task.Part,
                task.Cut,
                1,
                task.Parameters.V.Length,
                GainForm.Exponential,
                null,
                NetworkChange.Of(task.Part).Packs ? null : task
            );
}
