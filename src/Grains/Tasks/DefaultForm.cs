using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Grains.Tasks;

/// <summary>
/// The form of comodulation that the study found best for a kind of task (docs/decisions/0014-defaults.md): it is bound
/// to a task when that is registered, and counts where neither the task's options nor a request
/// say otherwise. Null: the engine's default, as for tasks of earlier builds.
/// </summary>
/// <param name="Cut">Where nobody names a layer.</param>
/// <param name="Also">Modulated besides the task's cut.</param>
/// <param name="GainForm">At any cut.</param>
public sealed record DefaultForm(string? Cut, string? Also, GainForm? GainForm)
{
    public static DefaultForm OfEngine { get; } = new(null, null, null);

    /// <param name="cut">That the task's options name; null: none.</param>
    /// <exception cref="Engine.InputException"><c>backbone-cut</c>: the network has no such cut.</exception>
    public static DefaultForm Of(BackboneSpec backbone, ReadoutMode mode, string? cut) =>
        mode == ReadoutMode.Head
            ? new(TaskLayers.DefaultCut(backbone), null, Engine.Tasks.GainForm.Rectified)
            : OfEngine with
            {
                Cut = TaskLayers.Auto,
                Also = cut is null or TaskLayers.Auto ? null : TaskLayers.DefaultAlso(backbone, cut),
            };
}
