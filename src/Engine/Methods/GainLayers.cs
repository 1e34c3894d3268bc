using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>Layers after the cut whose channels have a decoder gain of their own. Tasks that share a batch have equal ones.</summary>
/// <param name="Names">With commas between them.</param>
public readonly record struct GainLayers(string Names)
{
    /// <returns>Null where only the features have one.</returns>
    public static GainLayers? Of(TaskSettings settings) => settings.EffectiveGainAt is { } names ? new(names) : null;

    /// <summary>In the order of the network.</summary>
    public IReadOnlyList<Cut> CutsIn(Backbone backbone) => [.. Names.Split(',').Select(name => backbone.Spec.Resolve(Cut.Parse(name)))];

    /// <summary>Channels of each.</summary>
    public IReadOnlyList<int> WidthsIn(Backbone backbone) => [.. CutsIn(backbone).Select(cut => backbone.ShapeAt(cut, backbone.Spec.InputSize).C)];
}

/// <summary>Decoder gains of the channels of layers.</summary>
/// <param name="At">Which layers.</param>
/// <param name="Values">[S, sum of their channels], layer by layer.</param>
internal readonly record struct LayerGains(GainLayers At, Tensor Values);
