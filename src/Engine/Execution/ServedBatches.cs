using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Predictions of a batch, each row of one served task. Noise is off, nothing is random. The device computes features;
/// readouts run on the host, where a row's numbers cannot depend on how many outputs its neighbours have and no readout
/// needs a place in the device's memory.
/// </summary>
public static class ServedBatches
{
    /// <summary>Rows of a full batch.</summary>
    public const int Rows = 64;

    private const int MostOnTheStack = 256;

    /// <param name="backbone">The one that all the tasks share.</param>
    /// <param name="h">Prefix activations, [B, C, H, W]; [B, D] at <see cref="Cut.Pool"/>. Rows beyond the tasks' are
    /// padding.</param>
    /// <param name="tasks">The task of each row, at most B, of one <see cref="ServedKey"/>.</param>
    /// <returns>For each of the tasks, probabilities [K].</returns>
    public static float[][] Probabilities(Backbone backbone, Tensor h, IReadOnlyList<ServedTask> tasks)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var features = HostTensors.Read(Features(backbone, h, tasks)); // [B, D]
        var probabilities = new float[tasks.Count][];
        for (var i = 0; i < tasks.Count; i++)
            probabilities[i] = Probabilities(
                backbone,
                tasks[i],
                features.Slice(i * backbone.FeatureWidth, backbone.FeatureWidth)
            );
        return probabilities;
    }

    /// <summary>The rows of the backbone's head that a task uses: [K, D] and [K].</summary>
    public static (float[] Weight, float[] Bias) HeadRows(Backbone backbone, TaskDefinition task)
    {
        var weight = new float[task.Outputs * backbone.FeatureWidth];
        for (var k = 0; k < task.Outputs; k++)
            backbone.HeadRow(task.HeadRows[k]).CopyTo(weight.AsSpan(k * backbone.FeatureWidth));
        return (weight, [.. task.HeadRows.Select(backbone.HeadOffset)]);
    }

    /// <returns>[B, D]</returns>
    private static Tensor Features(Backbone backbone, Tensor h, IReadOnlyList<ServedTask> tasks)
    {
        var key = ServedKey.Of(tasks[0]);
        if (key.Part == NetworkPart.None)
            return h;
        var change = NetworkChange.Of(key.Part);
        int rows = (int)h.shape[0],
            segments = change.Packs ? rows : 1;
        var parameters = new ChangeParameters(
            Stacked(
                key.Part == NetworkPart.Couplings
                    ? change.ShapeOf(backbone, key.Cut, tasks[0].Settings).U
                    : tasks[0].Parameters.U.Length,
                (t, row) => t.Parameters.U.CopyTo(row)
            ),
            Stacked(key.GridHeight * key.GridWidth, (t, row) => t.Parameters.V.CopyTo(row))
                .reshape(segments, key.GridHeight, key.GridWidth),
            Stacked(1, (t, row) => row[0] = (float)t.Settings.Mu),
            Stacked(1, (t, row) => row[0] = t.Bound),
            key.Form,
            key.Also
        );
        return DeviceMemory.ByRows(
            rows,
            (from, count) =>
                change.Features(
                    backbone,
                    h.narrow(0, from, count),
                    key.Cut,
                    count < rows && change.Packs ? parameters.Narrow(from, count) : parameters
                )
        );

        Tensor Stacked(int length, RowOf write) =>
            HostTensors.Write(
                backbone.Device,
                values =>
                {
                    for (var i = 0; i < Math.Min(tasks.Count, segments); i++)
                        write(tasks[i], values.Slice(i * length, length));
                },
                segments,
                length
            );
    }

    private delegate void RowOf(ServedTask task, Span<float> row);

    private static float[] Probabilities(Backbone backbone, ServedTask task, ReadOnlySpan<float> features)
    {
        var width = features.Length;
        var p = new float[task.Task.Outputs];
        for (var k = 0; k < p.Length; k++)
        {
            p[k] = task.State is { } state
                ? TensorPrimitives.Dot(features, task.Readout.AsSpan(k * width, width)) + state.Bias[k]
                : TensorPrimitives.Dot(features, backbone.HeadRow(task.Task.HeadRows[k]))
                    + backbone.HeadOffset(task.Task.HeadRows[k]);
        }
        Span<double> logits = p.Length <= MostOnTheStack ? stackalloc double[p.Length] : new double[p.Length];
        for (var k = 0; k < p.Length; k++)
            logits[k] = p[k];
        task.Task.ReadoutLoss.Probabilities(logits);
        for (var k = 0; k < p.Length; k++)
            p[k] = (float)logits[k];
        return p;
    }
}
