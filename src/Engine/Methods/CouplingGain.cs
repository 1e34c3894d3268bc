using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// Gains of the units at the cut: s(gamma(m) h) with couplings U [C] and V [h, w] (docs/method.md#equations). Of
/// several layers, whose gains follow the same modulator, U holds the channels layer by layer, V the cells of their
/// grids as one row.
/// </summary>
internal sealed class CouplingGain : NetworkChange
{
    public override Cut From(Cut cut) => cut;

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings)
    {
        var layers = LayersOf(backbone, from, settings.Grid, FurtherLayers.Of(settings));
        return layers is [var only]
            ? new(only.Channels, only.Height, only.Width)
            : new(layers.Sum(l => l.Channels), 1, layers.Sum(l => l.Cells));
    }

    public override bool TrainsU(TaskSettings settings) => settings.Granularity != Granularity.Spatial;

    public override bool TrainsV(TaskSettings settings) => settings.Granularity != Granularity.Channel;

    public override Tensor Features(
        Backbone backbone,
        Tensor h,
        Cut from,
        ChangeParameters parameters,
        StagePools? pools = null
    )
    {
        var at = from = backbone.Spec.Resolve(from);
        foreach (var (cut, u, v, m) in ModulationsOf(backbone, from, parameters))
        {
            if (cut != at)
                h = backbone.Between(h, at, cut, pools);
            var c = EncoderGain.Couplings(u, v, parameters.Bound.reshape(-1, 1, 1, 1)); // [S, C, h, w]
            h = EncoderGain.Modulate(h, EncoderGain.Gamma(c, m.unsqueeze(-1).unsqueeze(-1), parameters.Form));
            at = cut;
        }
        return backbone.Suffix(h, at, pools);
    }

    /// <summary>In the order of the network.</summary>
    private static Modulation[] ModulationsOf(Backbone backbone, Cut from, ChangeParameters parameters)
    {
        var (u, v, m) = (parameters.U, parameters.V, parameters.Modulator);
        if (parameters.Also is not { } also)
            return [new(from, u, v, m)];

        var layers = LayersOf(backbone, from, also.Grid, also);
        Pieces Channels(Tensor all) => new(all, layers.Select(l => l.Channels));
        Pieces us = Channels(u),
            vs = new(v.select(1, 0), layers.Select(l => l.Cells));
        var modulators = m.shape[1] == 1 ? null : Channels(m);
        return
        [
            .. layers.Select(l => new Modulation(
                l.Cut,
                us.Next(),
                vs.Next().unflatten(1, l.Height, l.Width),
                modulators?.Next() ?? m
            )),
        ];
    }

    private static Layer[] LayersOf(Backbone backbone, Cut from, int grid, FurtherLayers? also)
    {
        return [LayerAt(from), .. also?.Cuts.Select(LayerAt) ?? []];

        Layer LayerAt(Cut cut)
        {
            cut = backbone.Spec.Resolve(cut);
            var (channels, height, width) = backbone.ShapeAt(cut, backbone.Spec.InputSize);
            return new Layer(cut, channels, Math.Min(grid, height), Math.Min(grid, width));
        }
    }

    /// <param name="Cut">Where.</param>
    /// <param name="U">[S, C]</param>
    /// <param name="V">[S, h, w]</param>
    /// <param name="M">[S, 1] or [S, C]</param>
    private readonly record struct Modulation(Cut Cut, Tensor U, Tensor V, Tensor M);

    /// <summary>What a layer has of the couplings: channels, and cells of its coarse grid.</summary>
    private readonly record struct Layer(Cut Cut, int Channels, int Height, int Width)
    {
        public int Cells => Height * Width;
    }
}
