using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Trials;

/// <summary>States that a trial may serve.</summary>
internal sealed class TrialStates(TrialPlan plan, Backbone backbone, ExecutionProfile profile, int batchRows)
{
    private TaskState Base =>
        new()
        {
            Task = plan.Task,
            Settings = plan.Settings,
            BackboneDigest = backbone.Digest,
            Profile = profile.ToString(),
        };

    /// <summary>The network as it is, with a readout.</summary>
    public TaskState Of(FittedReadout readout) =>
        Base with
        {
            DecoderGain = [.. Enumerable.Repeat(1f, backbone.FeatureWidth)],
            Readout = readout.Weight,
            Bias = readout.Bias,
        };

    /// <summary>The network as it is, with a readout in closed form.</summary>
    public TaskState Of(ReadoutFit readout) => Base with { Placed = PlacedReadout.Of(readout.Stored, backbone.Spec) };

    /// <summary>Couplings of a layer, and a readout in closed form of the features that they make.</summary>
    /// <param name="u">[C]</param>
    /// <param name="v">Row by row.</param>
    public TaskState Of(StoredReadout readout, Cut cut, ChangeShape layer, float[] u, float[] v) =>
        Base with
        {
            Settings = plan.Settings with { Cut = cut.ToString(), Also = null },
            Placed = PlacedReadout.Of(readout, backbone.Spec),
            Channel = u,
            Spatial = v,
            GridHeight = layer.VHeight,
            GridWidth = layer.VWidth,
        };

    /// <summary>A lane's present parameters.</summary>
    /// <param name="refit">Takes the place of the readout that was trained along; null: that one stays.</param>
    public TaskState Of(Lane lane, LaneGroup group, FittedReadout? refit)
    {
        var state = Of(
            refit
                ?? new FittedReadout(
                    group.Read(lane, Column.W)[..(plan.Task.Outputs * backbone.FeatureWidth)],
                    group.Read(lane, Column.B)[..plan.Task.Outputs]
                )
        );
        state =
            plan.Traits.Trains == NetworkPart.Couplings
                ? state with
                {
                    Channel = Couplings(lane.TrainsU, Column.U),
                    Spatial = Couplings(lane.TrainsV, Column.V),
                    GridHeight = group.Key.Slot.Network.VHeight,
                    GridWidth = group.Key.Slot.Network.VWidth,
                }
                : state with
                {
                    First = group.Read(lane, Column.U),
                    Second = group.Read(lane, Column.V),
                };
        return state with
        {
            Profile = (
                profile with
                {
                    BatchRows = group.BatchRows < batchRows ? group.BatchRows : profile.BatchRows,
                }
            ).ToString(),
            DecoderGain = group.Read(lane, Column.G),
            GainFolded = refit is not null,
        };

        float[] Couplings(bool trained, Column column)
        {
            var values = group.Read(lane, column);
            if (!trained)
                Array.Clear(values);
            return values;
        }
    }

    public int TrainedParameters(TaskState state, bool isBase) =>
        (
            state.Placed?.Stored is { } placed ? placed.Outputs * (placed.Width + 1)
            : plan.TrainsReadout ? state.Readout.Length + state.Bias.Length
            : 0
        )
        + (plan.Settings.Granularity != Granularity.Spatial ? state.Channel.Length : 0)
        + (plan.Settings.Granularity != Granularity.Channel ? state.Spatial.Length : 0)
        + state.First.Length
        + state.Second.Length
        + (plan.Traits.Gain == GainSource.Gradient && !isBase ? state.DecoderGain.Length : 0);
}
