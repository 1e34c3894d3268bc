using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Comodulation;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Changes;

/// <summary>
/// Gains of the units at the cut: s(gamma(m) h) with couplings U [C] and V [h, w] (METHOD sections 1 and 2). Of several layers, whose gains follow the same
/// modulator, U holds the channels layer by layer, V the cells of their grids as one row.
/// </summary>
internal sealed class CouplingGain : NetworkChange
{
    // Started at 0 the square's gradient is 0.
    private const float NonNegativeStart = 0.1f;

    public override Cut From(Cut cut) => cut;

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings)
    {
        var layers = LayersOf(backbone, from, settings.Grid, FurtherLayers.Of(settings));
        return layers is [var only] ? new(only.Channels, only.Height, only.Width) : new(layers.Sum(l => l.Channels), 1, layers.Sum(l => l.Cells));
    }

    public override bool TrainsU(TaskSettings settings) => settings.Granularity != Granularity.Spatial;

    public override bool TrainsV(TaskSettings settings) => settings.Granularity != Granularity.Channel;

    public override (float[]? U, float[]? V) Start(Backbone backbone, ChangeShape shape, TaskSettings settings) => !settings.NonNegative ? (null, null) : (
        TrainsU(settings) ? [.. Enumerable.Repeat(NonNegativeStart, shape.U)] : null,
        TrainsV(settings) ? [.. Enumerable.Repeat(NonNegativeStart, shape.VHeight * shape.VWidth)] : null);

    public override Tensor Features(Backbone backbone, Tensor h, Cut from, ChangeParameters parameters)
    {
        var (u, v) = (parameters.U, parameters.V);
        if (parameters.Squared is { } flag)
        {
            var squared = flag > 0; // [S, 1]
            (u, v) = (where(squared, u * u, u), where(squared.unsqueeze(2), v * v, v));
        }
        if (parameters.Also is not { } also) return backbone.Suffix(Modulated(h, u, v, parameters.Modulator), from);

        var layers = LayersOf(backbone, from, also.Grid, also);
        Pieces Channels(Tensor all) => new(all, layers.Select(l => l.Channels));
        Pieces us = Channels(u), vs = new(v.select(1, 0), layers.Select(l => l.Cells));
        var modulators = parameters.Modulator.shape[1] == 1 ? null : Channels(parameters.Modulator);
        var at = from;
        foreach (var layer in layers)
        {
            if (layer.Cut != at) h = backbone.Between(h, at, layer.Cut);
            h = Modulated(h, us.Next(), vs.Next().unflatten(1, layer.Height, layer.Width), modulators?.Next() ?? parameters.Modulator);
            at = layer.Cut;
        }
        return backbone.Suffix(h, at);

        // u [S, C], v [S, h, w], m [S, 1] or [S, C]
        Tensor Modulated(Tensor x, Tensor u, Tensor v, Tensor m)
        {
            var c = EncoderGain.Couplings(u, v, parameters.Bound.reshape(-1, 1, 1, 1)); // [S, C, h, w]
            return EncoderGain.Modulate(x, EncoderGain.Gamma(c, m.unsqueeze(-1).unsqueeze(-1), parameters.Form));
        }
    }

    private static Layer[] LayersOf(Backbone backbone, Cut from, int grid, FurtherLayers? also)
    {
        return [LayerAt(from), .. also?.Cuts.Select(LayerAt) ?? []];

        Layer LayerAt(Cut cut)
        {
            var (channels, height, width) = backbone.ShapeAt(cut, backbone.Spec.InputSize);
            return new Layer(cut, channels, Math.Min(grid, height), Math.Min(grid, width));
        }
    }

    /// <summary>What a layer has of the couplings: channels, and cells of its coarse grid.</summary>
    private readonly record struct Layer(Cut Cut, int Channels, int Height, int Width)
    {
        public int Cells => Height * Width;
    }
}
