using System.Text.Json.Serialization;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Tasks;

/// <summary>What a task decides between, bound to a backbone and a data set.</summary>
/// <param name="Mode">Where the readout comes from.</param>
/// <param name="Loss">Classes exclude each other, attributes do not.</param>
/// <param name="Classes">Names, in the order of the outputs. K = their number.</param>
/// <param name="Labels">Per output, its index among the data set's names.</param>
/// <param name="HeadRows">Per output, its row of the backbone's head; empty for <see cref="ReadoutMode.Own"/>.</param>
public sealed record TaskDefinition(
    ReadoutMode Mode,
    LossKind Loss,
    IReadOnlyList<string> Classes,
    IReadOnlyList<int> Labels,
    IReadOnlyList<int> HeadRows
)
{
    public int Outputs => Classes.Count;

    /// <summary>All that follows from <see cref="Loss"/>.</summary>
    [JsonIgnore]
    public ReadoutLoss ReadoutLoss => ReadoutLoss.Of(Loss);

    /// <param name="backbone">The backbone's description.</param>
    /// <param name="manifest">The data set's description.</param>
    /// <param name="classes">Names of classes or attributes; null: all of the data set.</param>
    /// <param name="mode">Null: <see cref="ReadoutMode.Head"/> where the head knows every class.</param>
    /// <exception cref="InputException">label-unknown, class-unknown-to-backbone, task-one-class, channels-mismatch,
    /// label-duplicate.</exception>
    public static TaskDefinition Resolve(
        BackboneSpec backbone,
        DatasetManifest manifest,
        IReadOnlyList<string>? classes,
        ReadoutMode? mode
    )
    {
        if (manifest.Channels != backbone.Channels)
            throw new InputException(
                "channels-mismatch",
                $"The data set has {manifest.Channels} channels and the backbone takes {backbone.Channels}; use "
                    + $"images of {backbone.Channels} channels."
            );
        var names = classes is { Count: > 0 } ? classes : manifest.Names;
        var unknown = names.FirstOrDefault(n => !manifest.Names.Contains(n));
        if (unknown is not null)
            throw new InputException(
                "label-unknown",
                $"The data set has no label '{unknown}'; it has {Shown(manifest.Names)}."
            );
        if (names.Distinct().Count() != names.Count)
            throw new InputException("label-duplicate", "A class is named twice; name each once.");
        var loss = manifest.Kind == DatasetKind.Classes ? LossKind.Classes : LossKind.Attributes;
        if (loss == LossKind.Classes && names.Count < 2)
            throw new InputException(
                "task-one-class",
                "A task needs at least two classes to decide between; name another."
            );
        var rows = names.Select(n => backbone.Classes.ToList().IndexOf(n)).ToArray();
        var missing = Array.IndexOf(rows, -1);
        if (mode == ReadoutMode.Head && missing >= 0)
            throw new InputException(
                "class-unknown-to-backbone",
                backbone.HasHead
                    ? $"The backbone's head has no class '{names[missing]}' (it has {Shown(backbone.Classes)}); choose "
                        + "readout 'own'."
                    : "The backbone has no head; choose readout 'own'."
            );
        var chosen = mode ?? (missing < 0 ? ReadoutMode.Head : ReadoutMode.Own);
        int[] labels = [.. names.Select(n => manifest.Names.ToList().IndexOf(n))];
        return new TaskDefinition(chosen, loss, [.. names], labels, chosen == ReadoutMode.Head ? rows : []);
    }

    private static string Shown(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(12)) + (names.Count > 12 ? $" and {names.Count - 12} more" : "");
}
