using ComodCluster.Api.Tasks;
using ComodCluster.Contracts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Tasks;

internal static class StoredTasks
{
    public static ObjectLayout<StoredTask> Layout { get; } =
        new(ObjectKind.Task, task => CatalogJson.Name(task.Info.Phase), _ => null);

    /// <summary>Whether a request asks again for the task that is there.</summary>
    public static bool IsSame(TaskSpec there, TaskSpec asked) => CatalogJson.Write(there) == CatalogJson.Write(asked);

    public static TaskDefinition Definition(this StoredTask task) =>
        new(
            task.Info.Readout.To<Engine.Tasks.ReadoutMode>(),
            task.Attributes ? LossKind.Attributes : LossKind.Classes,
            task.Info.Classes,
            task.Labels,
            task.HeadRows
        );
}
