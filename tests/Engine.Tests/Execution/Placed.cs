using System.Buffers.Binary;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>States with readouts at any place that were fitted to nothing.</summary>
internal static class Placed
{
    public static StoredReadout Readout(
        BackboneSpec spec,
        ReadoutPlace place,
        StoredPrecision precision = StoredPrecision.Half,
        int outputs = 3,
        ulong seed = 1
    )
    {
        var width = place.WidthOf(spec);
        var values = Enumerable
            .Range(0, outputs * width)
            .Select(i => CounterRandom.Normal(seed, 1, (ulong)i))
            .ToArray();
        var eight = precision == StoredPrecision.Byte;
        var weights = new byte[values.Length * (eight ? 1 : 2)];
        for (var i = 0; i < values.Length; i++)
        {
            if (eight)
                weights[i] = (byte)(sbyte)Math.Clamp(40 * values[i], -127, 127);
            else
                BinaryPrimitives.WriteHalfLittleEndian(weights.AsSpan(2 * i), (Half)values[i]);
        }
        return new StoredReadout(
            place,
            ReadoutKind.Lda,
            weights,
            [.. Enumerable.Range(0, eight ? width : 0).Select(i => (Half)(0.01 + 0.001 * i))],
            0.125f,
            [.. Enumerable.Range(0, outputs).Select(k => 0.1f * k)]
        );
    }

    public static TaskState State(TaskDefinition task, StoredReadout readout) =>
        new()
        {
            Task = task,
            Settings = Tiny.SettingsOf(Method.Readout),
            BackboneDigest = Tiny.Digest,
            Profile = "float32/64/1",
            Placed = PlacedReadout.Of(readout, Tiny.Spec),
        };
}
