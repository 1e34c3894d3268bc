using ComodCluster.Engine.Data.Packs;

namespace ComodCluster.Engine.Tasks;

/// <summary>Labels of a data set as a task sees them.</summary>
public static class Targets
{
    /// <summary>The task's output for an image of one of its classes.</summary>
    /// <returns>-1 where the task does not have the image's class.</returns>
    public static int ClassOf(TaskDefinition task, DatasetPack pack, int index)
    {
        var label = pack.Labels(index)[0];
        for (var k = 0; k < task.Labels.Count; k++)
            if (task.Labels[k] == label)
                return k;
        return -1;
    }

    /// <summary>Whether the task has an answer for an image: its class is one of the task's.</summary>
    public static bool Has(TaskDefinition task, DatasetPack pack, int index) => StratumOf(task, pack, index) >= 0;

    /// <summary>What images are drawn evenly by: the class; attributes have one stratum.</summary>
    /// <returns>-1 where the task does not have the image's class.</returns>
    public static int StratumOf(TaskDefinition task, DatasetPack pack, int index) =>
        task.ReadoutLoss.OneIsRight ? ClassOf(task, pack, index) : 0;

    /// <summary>Images of the rarest answer per output, [K]: of a class itself, of the rarer value of an
    /// attribute.</summary>
    /// <param name="images">That the task has.</param>
    public static int[] Rarest(TaskDefinition task, DatasetPack pack, IReadOnlyList<int> images)
    {
        var ones = new int[task.Outputs];
        foreach (var i in images)
        {
            var target = Of(task, pack, i);
            for (var k = 0; k < ones.Length; k++)
                ones[k] += target[k] == 1 ? 1 : 0;
        }
        return task.ReadoutLoss.OneIsRight ? ones : [.. ones.Select(n => Math.Min(n, images.Count - n))];
    }

    /// <returns>[K]: one-hot, or 0 and 1 per attribute.</returns>
    public static float[] Of(TaskDefinition task, DatasetPack pack, int index)
    {
        var target = new float[task.Outputs];
        Write(task, pack, index, target);
        return target;
    }

    /// <param name="target">Zeros; at least K of them.</param>
    /// <inheritdoc cref="Of"/>
    public static void Write(TaskDefinition task, DatasetPack pack, int index, Span<float> target)
    {
        if (task.ReadoutLoss.OneIsRight)
        {
            target[ClassOf(task, pack, index)] = 1;
            return;
        }
        var labels = pack.Labels(index);
        for (var k = 0; k < task.Outputs; k++)
            target[k] = labels[task.Labels[k]];
    }
}
