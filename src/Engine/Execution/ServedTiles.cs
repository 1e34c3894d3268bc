using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Comodulation;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Execution;

/// <summary>What served tasks must have in common to share a tile.</summary>
public readonly record struct ServedKey(string Backbone, Cut Cut, int GridHeight, int GridWidth, GainForm Form)
{
    public static ServedKey Of(ServedTask task) => task.Cut == Cut.Pool
        ? new ServedKey(task.BackboneDigest, Cut.Pool, 1, 1, GainForm.Exponential)
        : new ServedKey(task.BackboneDigest, task.Cut, Math.Max(1, task.State!.GridHeight), Math.Max(1, task.State.GridWidth), task.Settings.GainForm);
}

/// <summary>Predictions of a tile: segments of rows, each of one served task. Noise is off, nothing is random.</summary>
public static class ServedTiles
{
    /// <param name="backbone">Of all the tasks.</param>
    /// <param name="h">Prefix activations, [S R, C, H, W]; [S R, D] at <see cref="Cut.Pool"/>. Rows beyond the tasks' are padding.</param>
    /// <param name="tasks">At most S, of one <see cref="ServedKey"/>.</param>
    /// <param name="rows">R</param>
    /// <returns>For each of the tasks, for each of its R rows, probabilities [K].</returns>
    public static float[][][] Probabilities(Backbone backbone, Tensor h, IReadOnlyList<ServedTask> tasks, int rows)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var segments = (int)h.shape[0] / rows;
        var key = ServedKey.Of(tasks[0]);
        if (key.Cut != Cut.Pool)
        {
            var channels = (int)h.shape[1];
            var u = Stacked(segments, channels, tasks, t => t.State!.Channel); // [S, C]
            var v = Stacked(segments, key.GridHeight * key.GridWidth, tasks, t => t.State!.Spatial).reshape(segments, key.GridHeight, key.GridWidth);
            var bound = Stacked(segments, 1, tasks, t => [t.Bound]).reshape(-1, 1, 1, 1);
            var mu = Stacked(segments, 1, tasks, t => [(float)t.Settings.Mu]).reshape(-1, 1, 1, 1);
            h = backbone.Suffix(EncoderGain.Modulate(h, EncoderGain.Gamma(EncoderGain.Couplings(u, v, bound), mu, key.Form)), key.Cut); // [S R, D]
        }
        var d = h.reshape(segments, rows, -1); // [S, R, D]
        var width = (int)d.shape[2];
        var outputs = tasks.Max(t => t.Task.Outputs);
        var readouts = tasks.Select(t => t.State is null ? HeadRows(backbone, t.Task) : (t.Readout!, t.State.Bias)).ToArray();
        var w = Stacked(segments, outputs * width, readouts, r => r.Item1).reshape(segments, outputs, width);
        var b = Stacked(segments, outputs, readouts, r => r.Item2); // [S, K]
        var logits = (bmm(d, w.transpose(1, 2)) + b.unsqueeze(1)).cpu().data<float>().ToArray(); // [S, R, K]
        return [.. tasks.Select((t, s) => Enumerable.Range(0, rows)
            .Select(r => Probabilities(logits.AsSpan((s * rows + r) * outputs, t.Task.Outputs), t.Task.Loss)).ToArray())];

        Tensor Stacked<T>(int count, int length, IReadOnlyList<T> items, Func<T, float[]> of)
        {
            var values = new float[count * length];
            for (var i = 0; i < items.Count; i++) of(items[i]).CopyTo(values, i * length);
            return tensor(values, [count, length], device: backbone.Device);
        }
    }

    /// <summary>The rows of the backbone's head that a task uses: [K, D] and [K].</summary>
    public static (float[] Weight, float[] Bias) HeadRows(Backbone backbone, TaskDefinition task)
    {
        using var scope = NewDisposeScope();
        var rows = tensor(task.HeadRows.Select(r => (long)r).ToArray(), device: backbone.Device);
        return (backbone.HeadWeight.index_select(0, rows).cpu().data<float>().ToArray(), backbone.HeadBias.index_select(0, rows).cpu().data<float>().ToArray());
    }

    /// <summary>Softmax or sigmoids in float64, so that they do not depend on a vector unit's tail.</summary>
    private static float[] Probabilities(ReadOnlySpan<float> logits, LossKind loss)
    {
        var p = new float[logits.Length];
        if (loss == LossKind.Attributes)
        {
            for (var k = 0; k < p.Length; k++) p[k] = (float)(1 / (1 + Math.Exp(-(double)logits[k])));
            return p;
        }
        double highest = double.NegativeInfinity, sum = 0;
        foreach (var logit in logits) highest = Math.Max(highest, logit);
        foreach (var logit in logits) sum += Math.Exp(logit - highest);
        for (var k = 0; k < p.Length; k++) p[k] = (float)(Math.Exp(logits[k] - highest) / sum);
        return p;
    }
}
