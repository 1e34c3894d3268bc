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
        if (task.Loss == LossKind.Classes)
        {
            target[ClassOf(task, pack, index)] = 1;
            return;
        }
        var labels = pack.Labels(index);
        for (var k = 0; k < task.Outputs; k++)
            target[k] = labels[task.Labels[k]];
    }
}
