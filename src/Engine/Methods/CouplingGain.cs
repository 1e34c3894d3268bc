using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Methods;

/// <summary>
/// Gains of the units at the cut: s(gamma(m) h) with couplings U [C] and V [h, w] (docs/method.md#equations). Of several layers, whose gains follow the same
/// modulator, U holds the channels layer by layer, V the cells of their grids as one row. Where a layer has a decoder gain too, that comes after the encoder gain.
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

    public override Tensor Features(Backbone backbone, Tensor h, Cut from, ChangeParameters parameters) => Run(backbone, h, from, parameters, null);

    public override Tensor Responses(Backbone backbone, Tensor h, Cut from, ChangeParameters parameters)
    {
        var means = new List<Tensor>();
        var d = Run(backbone, h, from, parameters, means);
        return means.Count == 0 ? d : cat([d, .. means], 1);
    }

    /// <param name="means">Gets the mean over space, [S r, C], of each layer with a decoder gain; null: not asked for.</param>
    private static Tensor Run(Backbone backbone, Tensor h, Cut from, ChangeParameters parameters, List<Tensor>? means)
    {
        from = backbone.Spec.Resolve(from);
        var modulations = ModulationsOf(backbone, from, parameters);
        var gains = parameters.Gains is { } some ? GainsOf(backbone, some) : [];
        var at = from;
        foreach (var cut in modulations.Keys.Union(gains.Keys).OrderBy(backbone.Layers.BlocksBefore))
        {
            if (cut != at) h = backbone.Between(h, at, cut);
            if (modulations.TryGetValue(cut, out var modulation))
            {
                var c = EncoderGain.Couplings(modulation.U, modulation.V, parameters.Bound.reshape(-1, 1, 1, 1)); // [S, C, h, w]
                h = EncoderGain.Modulate(h, EncoderGain.Gamma(c, modulation.M.unsqueeze(-1).unsqueeze(-1), parameters.Form));
            }
            if (gains.TryGetValue(cut, out var g))
            {
                means?.Add(ResidualNetwork.Pool(h));
                h = DecoderGain.Scale(h, g);
            }
            at = cut;
        }
        return backbone.Suffix(h, at);
    }

    private static Dictionary<Cut, Modulation> ModulationsOf(Backbone backbone, Cut from, ChangeParameters parameters)
    {
        var (u, v, m) = (parameters.U, parameters.V, parameters.Modulator);
        if (parameters.Squared is { } flag)
        {
            var squared = flag > 0; // [S, 1]
            (u, v) = (where(squared, u * u, u), where(squared.unsqueeze(2), v * v, v));
        }
        if (parameters.Also is not { } also) return new() { [from] = new(u, v, m) };

        var layers = LayersOf(backbone, from, also.Grid, also);
        Pieces Channels(Tensor all) => new(all, layers.Select(l => l.Channels));
        Pieces us = Channels(u), vs = new(v.select(1, 0), layers.Select(l => l.Cells));
        var modulators = m.shape[1] == 1 ? null : Channels(m);
        return layers.ToDictionary(l => l.Cut, l => new Modulation(us.Next(), vs.Next().unflatten(1, l.Height, l.Width), modulators?.Next() ?? m));
    }

    /// <returns>[S, C] of each layer.</returns>
    private static Dictionary<Cut, Tensor> GainsOf(Backbone backbone, LayerGains gains)
    {
        var pieces = new Pieces(gains.Values, gains.At.WidthsIn(backbone));
        return gains.At.CutsIn(backbone).ToDictionary(cut => cut, _ => pieces.Next());
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

    /// <param name="U">[S, C]</param>
    /// <param name="V">[S, h, w]</param>
    /// <param name="M">[S, 1] or [S, C]</param>
    private readonly record struct Modulation(Tensor U, Tensor V, Tensor M);

    /// <summary>What a layer has of the couplings: channels, and cells of its coarse grid.</summary>
    private readonly record struct Layer(Cut Cut, int Channels, int Height, int Width)
    {
        public int Cells => Height * Width;
    }
}
