using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tasks;

/// <summary>The layers that a task's settings name, in the order of the network.</summary>
public static class TaskLayers
{
    /// <summary>
    /// In the place of a cut: of new classes the last stage that the readout reads, with a fixed head
    /// <see cref="DefaultCut"/>.
    /// </summary>
    public const string Auto = "auto";

    /// <summary>Whether gains are those of the stage that a readout in closed form reads.</summary>
    public static bool FollowsReadout(TaskSettings settings) =>
        settings is { Cut: Auto, Also: null }
        && MethodTraits.Of(settings.Method)
            is {
                Trains: NetworkPart.Couplings,
                Permuted: false,
                Gain: GainSource.One or GainSource.Difference or GainSource.Covariance
            };

    /// <summary>The cut, and the layers after it that share its modulator.</summary>
    /// <exception cref="InputException">
    /// <c>backbone-cut</c>: the network has no such layer. <c>settings-invalid</c>: a layer is the pooling, or not
    /// after the one before it.
    /// </exception>
    public static IReadOnlyList<Cut> Modulated(BackboneSpec backbone, TaskSettings settings) =>
        [CutOf(backbone, settings), .. Also(backbone, settings)];

    /// <summary>
    /// The layer that is best modulated with a fixed head (docs/method-study.md): the end of the stage before the last.
    /// </summary>
    public static string DefaultCut(BackboneSpec backbone) =>
        Cut.AfterStage(Math.Max(1, backbone.Blocks.Count - 1)).ToString();

    /// <summary>
    /// The layer that is best modulated beside the cut where classes are a tenant's own (docs/method-study.md): the end
    /// of the next stage. Null: there is none.
    /// </summary>
    /// <exception cref="InputException"><c>backbone-cut</c>: the network has no such cut.</exception>
    public static string? DefaultAlso(BackboneSpec backbone, string cut)
    {
        var at = backbone.Resolve(Cut.Parse(cut));
        var stage = (at.Stage ?? 0) + 1;
        return at != Cut.Pool && stage <= backbone.Blocks.Count ? Cut.AfterStage(stage).ToString() : null;
    }

    private static Cut CutOf(BackboneSpec backbone, TaskSettings settings)
    {
        var cut = backbone.Resolve(Cut.Parse(settings.Cut == Auto ? DefaultCut(backbone) : settings.Cut));
        return cut != Cut.Pool
            ? cut
            : throw Invalid(
                $"The cut 'pool' leaves nothing to modulate; choose one of {string.Join(", ", Before(backbone))}."
            );
    }

    private static List<Cut> Also(BackboneSpec backbone, TaskSettings settings)
    {
        var all = Before(backbone);
        var (layers, last) = (new List<Cut>(), CutOf(backbone, settings));
        foreach (var name in settings.Also?.Split(',') ?? [])
        {
            var layer = backbone.Resolve(Cut.Parse(name));
            var later = all[(Array.IndexOf(all, last) + 1)..];
            if (!later.Contains(layer))
            {
                throw Invalid(
                    $"The setting also has '{name}' after '{last}'; "
                        + (
                            later.Length == 0
                                ? "no layer before the pooling comes after that one."
                                : $"choose a layer that comes later in the network: {string.Join(", ", later)}."
                        )
                );
            }
            layers.Add(last = layer);
        }
        return layers;
    }

    /// <summary>All before the pooling.</summary>
    private static Cut[] Before(BackboneSpec backbone) => [.. backbone.Cuts.Where(c => c != Cut.Pool)];

    private static InputException Invalid(string message) => new("settings-invalid", message);
}
