using ComodCluster.Api.Datasets;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// One task on one backbone, independent of the names of classes: they are numbers over the sorted names.
/// </summary>
/// <param name="Backbone">That ships with the silo, or of <see cref="Pretraining"/>.</param>
/// <param name="Source">Source of the objects on the canvases; <see cref="DatasetSourceKind.Upload"/>: the user's
/// images as they are, without clutter.</param>
/// <param name="Classes">Told apart; or, with <see cref="Having"/>, those on the canvases.</param>
/// <param name="Station">Cell of the relevant object, 0 to 8, row by row.</param>
internal sealed record ImageTask(string Backbone, DatasetSourceKind Source, IReadOnlyList<int> Classes, int Station)
{
    /// <summary>The classes that have the binary attribute which is asked for; null: the class is.</summary>
    public IReadOnlyList<int>? Having { get; init; }

    /// <summary>Images as they are have each class twice, upright and upside down.</summary>
    public bool Turned { get; init; }

    public override string ToString() =>
        $"{string.Join('-', Having ?? Classes)}{(Having is null ? "" : $" of {string.Join('-', Classes)}")}@{Station}";
}
