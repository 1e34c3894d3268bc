using ComodCluster.Engine.Native;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>One tensor for all settings of a batch: a device gets one copy instead of a dozen.</summary>
internal static class BatchSettings
{
    private static readonly int Columns = Enum.GetValues<Setting>().Length;

    /// <returns>[S, settings]; padding segments have rate 0.</returns>
    public static Tensor Of(IReadOnlyList<Lane> lanes, int segments, int outputs, Device device) =>
        HostTensors.Write(
            device,
            values =>
            {
                for (var s = 0; s < segments; s++)
                {
                    var row = values.Slice(s * Columns, Columns);
                    if (s < lanes.Count)
                        Write(lanes[s], row);
                    else
                        (
                            row[(int)Setting.FirstCorrection],
                            row[(int)Setting.SecondCorrection],
                            row[(int)Setting.Outputs]
                        ) = (1, 1, outputs);
                }
            },
            segments,
            Columns
        );

    private static void Write(Lane lane, Span<float> row)
    {
        var settings = lane.Settings;
        row[(int)Setting.Mu] = (float)settings.Mu;
        row[(int)Setting.Sigma] = (float)settings.Sigma;
        row[(int)Setting.Bound] = (float)(settings.Cap / Math.Abs(settings.Mu));
        row[(int)Setting.Penalty] = (float)settings.Penalty;
        row[(int)Setting.URate] = lane.TrainsU ? (float)lane.Rate : 0;
        row[(int)Setting.VRate] = lane.TrainsV ? (float)lane.Rate : 0;
        row[(int)Setting.ReadoutRate] = lane.TrainsReadout ? (float)lane.ReadoutRate : 0;
        row[(int)Setting.GainRate] = lane.TrainsGain ? (float)lane.Rate : 0;
        row[(int)Setting.FirstCorrection] = (float)(1 - Math.Pow(BatchExecutor.Beta1, lane.Step + 1));
        row[(int)Setting.SecondCorrection] = (float)(1 - Math.Pow(BatchExecutor.Beta2, lane.Step + 1));
        row[(int)Setting.Outputs] = lane.Task.Outputs;
        row[(int)Setting.Attributes] = lane.Task.ReadoutLoss.OneIsRight ? 0 : 1;
    }
}
