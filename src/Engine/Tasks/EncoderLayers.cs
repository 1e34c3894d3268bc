using ComodCluster.Engine.Backbones;

namespace ComodCluster.Engine.Tasks;

/// <summary>The modulated layers of a task: the cut, and those after it that share its modulator.</summary>
public static class EncoderLayers
{
    /// <summary>In the order of the network, the cut first.</summary>
    /// <exception cref="InputException">
    /// <c>backbone-cut</c>: the network has no such layer. <c>settings-invalid</c>: a layer is the pooling, or not after the one before it.
    /// </exception>
    public static IReadOnlyList<Cut> Of(BackboneSpec backbone, TaskSettings settings)
    {
        Cut[] all = [.. backbone.Cuts.Where(c => c != Cut.Pool)];
        var layers = new List<Cut> { backbone.Resolve(Cut.Parse(settings.Cut)) };
        if (layers[0] == Cut.Pool) throw Invalid($"The cut 'pool' leaves nothing to modulate; choose one of {string.Join(", ", all)}.");
        foreach (var name in settings.Also?.Split(',') ?? [])
        {
            var layer = backbone.Resolve(Cut.Parse(name));
            var later = all[(Array.IndexOf(all, layers[^1]) + 1)..];
            if (!later.Contains(layer))
            {
                throw Invalid($"The setting also has '{name}' after '{layers[^1]}'; " + (later.Length == 0
                    ? "no layer that can be modulated comes after that one." : $"choose a layer that comes later in the network: {string.Join(", ", later)}."));
            }
            layers.Add(layer);
        }
        return layers;
    }

    private static InputException Invalid(string message) => new("settings-invalid", message);
}
