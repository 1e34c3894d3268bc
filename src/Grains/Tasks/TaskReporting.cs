using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Storage.Catalog;

namespace ComodCluster.Grains.Tasks;

/// <summary>Tells a task how its job ended, in the words that its silo knows.</summary>
internal sealed class TaskReporting(IGrainFactory grains, IClusterManifestProvider manifests, CatalogDatabase catalog)
{
    private static readonly GrainType Tasks = GrainType.Create("task");
    private static readonly GrainInterfaceType Reports = GrainInterfaceType.Create(ITaskReports.TypeName);

    /// <inheritdoc cref="ITaskReports.Ended"/>
    public async Task<IReadOnlyList<int>> Ended(string uid, JobOutcome outcome)
    {
        if (IsHeardEverywhere())
            return await grains
                .GetGrain<ITaskReports>(new ObjectKey(ObjectKind.Task, uid).ToString())
                .Ended(outcome)
                .ConfigureAwait(false);
        // The task may live on a worker of the build before, which says nothing of the numbers.
        await grains.Task(uid).Complete(outcome, CancellationToken.None).ConfigureAwait(false);
        return await catalog
            .Read((rows, stop) => rows.MadeBy(uid, outcome.Job, stop), CancellationToken.None)
            .ConfigureAwait(false);
    }

    private bool IsHeardEverywhere() =>
        manifests
            .Current.Silos.Values.Where(silo => silo.Grains.ContainsKey(Tasks))
            .All(silo => silo.Interfaces.ContainsKey(Reports));
}
