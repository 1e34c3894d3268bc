using ComodCluster.Grains.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tasks;

internal static class VersionQueries
{
    /// <summary>Numbers of the versions that a job made of a task, the lowest first.</summary>
    public static async Task<IReadOnlyList<int>> MadeBy(
        this CatalogContext catalog,
        string task,
        string job,
        CancellationToken cancellation
    ) =>
        await catalog
            .Versions.Where(v => v.TaskUid == task && v.Job == job)
            .OrderBy(v => v.Number)
            .Select(v => v.Number)
            .ToListAsync(cancellation)
            .ConfigureAwait(false);
}
