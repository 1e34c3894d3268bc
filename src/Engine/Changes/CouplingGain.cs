using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Comodulation;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Changes;

/// <summary>Gains of the units at the cut: s(gamma(m) h) with couplings U [C] and V [h, w] (METHOD sections 1 and 2).</summary>
internal sealed class CouplingGain : NetworkChange
{
    // Started at 0 the square's gradient is 0.
    private const float NonNegativeStart = 0.1f;

    public override Cut From(Cut cut) => cut;

    public override ChangeShape ShapeOf(Backbone backbone, Cut from, TaskSettings settings)
    {
        var (channels, height, width) = backbone.ShapeAt(from, backbone.Spec.InputSize);
        return new ChangeShape(channels, Math.Min(settings.Grid, height), Math.Min(settings.Grid, width));
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
        var c = EncoderGain.Couplings(u, v, parameters.Bound.reshape(-1, 1, 1, 1)); // [S, C, h, w]
        var gamma = EncoderGain.Gamma(c, parameters.Modulator.unsqueeze(-1).unsqueeze(-1), parameters.Form);
        return backbone.Suffix(EncoderGain.Modulate(h, gamma), from);
    }
}
