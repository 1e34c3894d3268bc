using ComodCluster.Engine.Tasks;
using ComodCluster.Grains.Catalog;

namespace ComodCluster.Grains.Tasks;

internal static class StoredTasks
{
    public static ObjectLayout<StoredTask> Layout { get; } = new(ObjectKind.Task, task => CatalogJson.Name(task.Info.Phase), _ => null);

    public static TaskDefinition Definition(this StoredTask task) => new(
        (ReadoutMode)task.Info.Readout, task.Attributes ? LossKind.Attributes : LossKind.Classes, task.Info.Classes, task.Labels, task.HeadRows);
}
