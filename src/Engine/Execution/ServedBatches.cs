using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>
/// Predictions of a batch, each row of one served task. Noise is off, nothing is random. The device computes what any
/// of the tasks reads of the network; readouts run on the host, where a row's numbers cannot depend on how many outputs
/// its neighbours have and no readout needs a place in the device's memory.
/// </summary>
public static class ServedBatches
{
    /// <summary>Rows of a full batch.</summary>
    public const int Rows = 64;

    private const int MostOnTheStack = 256;

    /// <param name="backbone">The one that all the tasks share.</param>
    /// <param name="images">[B, 3, S, S], normalised. Rows beyond the tasks' are padding.</param>
    /// <param name="tasks">The task of each row, at most B, of one <see cref="ServedKey"/>.</param>
    /// <returns>For each of the tasks, probabilities [K].</returns>
    public static float[][] Probabilities(Backbone backbone, Tensor images, IReadOnlyList<ServedTask> tasks)
    {
        using var scope = NewDisposeScope();
        var layout = RecordLayout.Of(backbone.Spec).Only(tasks.Select(t => t.Place));
        var records = HostTensors.Read(Records(backbone, images, tasks, layout.Pools)); // [B, W]
        var probabilities = new float[tasks.Count][];
        for (var i = 0; i < tasks.Count; i++)
            probabilities[i] = Probabilities(backbone, tasks[i], layout, records.Slice(i * layout.Width, layout.Width));
        return probabilities;
    }

    /// <summary>What the network gives the rows' tasks at any place that one of them reads.</summary>
    /// <inheritdoc cref="Probabilities(Backbone, Tensor, IReadOnlyList{ServedTask})"/>
    /// <returns>float32 [B, W], the pools one after the other.</returns>
    public static Tensor Records(
        Backbone backbone,
        Tensor images,
        IReadOnlyList<ServedTask> tasks,
        IReadOnlyList<StagePool> wanted
    )
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (key, rows) = (ServedKey.Of(tasks[0]), images.shape[0]);
        var change = NetworkChange.Of(key.Part);
        var parameters = key.Part == NetworkPart.None ? default : Parameters(backbone, key, tasks, rows);
        return DeviceMemory
            .ByRows(
                rows,
                (from, count) =>
                {
                    using var pools = new StagePools(wanted);
                    var part = images.narrow(0, from, count);
                    if (key.Part == NetworkPart.None)
                        backbone.Pools(part, pools);
                    else
                        change.Features(
                            backbone,
                            backbone.Prefix(part, key.Cut, pools),
                            key.Cut,
                            count < rows && change.Packs ? parameters.Narrow(from, count) : parameters,
                            pools
                        );
                    return pools.Values();
                }
            )
            .MoveToOuterDisposeScope();
    }

    /// <param name="layout">Has the task's place.</param>
    /// <param name="record">What the network gives an image for the task, [W].</param>
    /// <returns>[K]</returns>
    public static float[] Probabilities(
        Backbone backbone,
        ServedTask task,
        RecordLayout layout,
        ReadOnlySpan<float> record
    )
    {
        var scores = new float[task.Task.Outputs];
        // One pool or a cell of it lies in one piece, and needs no copy.
        if (layout.PartsOf(task.Place) is [var (offset, length)])
            task.Scores(backbone, record.Slice(offset, length), scores);
        else
        {
            var features = new float[layout.WidthOf(task.Place)];
            layout.Copy(task.Place, record, features);
            task.Scores(backbone, features, scores);
        }
        Span<double> logits =
            scores.Length <= MostOnTheStack ? stackalloc double[scores.Length] : new double[scores.Length];
        for (var k = 0; k < scores.Length; k++)
            logits[k] = scores[k];
        task.Task.ReadoutLoss.Probabilities(logits);
        for (var k = 0; k < scores.Length; k++)
            scores[k] = (float)logits[k];
        return scores;
    }

    /// <summary>The rows of the backbone's head that a task uses: [K, D] and [K].</summary>
    public static (float[] Weight, float[] Bias) HeadRows(Backbone backbone, TaskDefinition task)
    {
        var weight = new float[task.Outputs * backbone.FeatureWidth];
        for (var k = 0; k < task.Outputs; k++)
            backbone.HeadRow(task.HeadRows[k]).CopyTo(weight.AsSpan(k * backbone.FeatureWidth));
        return (weight, [.. task.HeadRows.Select(backbone.HeadOffset)]);
    }

    private static ChangeParameters Parameters(
        Backbone backbone,
        ServedKey key,
        IReadOnlyList<ServedTask> tasks,
        long rows
    )
    {
        var change = NetworkChange.Of(key.Part);
        var segments = change.Packs ? rows : 1;
        return new ChangeParameters(
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
}
