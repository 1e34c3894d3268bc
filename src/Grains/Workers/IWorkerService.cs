using ComodCluster.Api.Workers;
using Orleans.Services;

namespace ComodCluster.Grains.Workers;

/// <summary>One per worker silo, addressed by its silo.</summary>
[Alias("comod.IWorkerService")]
internal interface IWorkerService : IGrainService
{
    [Alias("Report")]
    Task<WorkerReport> Report();

    /// <summary>Begins to hand over jobs and to refuse new ones; returns at once.</summary>
    [Alias("Drain")]
    Task Drain();

    /// <summary>Takes work again.</summary>
    /// <exception cref="Contracts.ComodException">worker-stopping.</exception>
    [Alias("Undrain")]
    Task Undrain();

    /// <summary>
    /// Gives up to so many waiting jobs back: they are no longer held here, and whoever asks dispatches them.
    /// </summary>
    /// <returns>Keys of their grains.</returns>
    [Alias("GiveWaiting")]
    Task<IReadOnlyList<string>> GiveWaiting(int jobs);

    /// <summary>
    /// Forgets prefix activations of a deleted data set, and frees weights that no backbone has any more.
    /// </summary>
    /// <param name="pack">Digest of the data set's pack, or null.</param>
    /// <param name="backbone">Digest of the weights, or null.</param>
    [Alias("Forget")]
    Task Forget(string tenant, string? pack, string? backbone);
}
