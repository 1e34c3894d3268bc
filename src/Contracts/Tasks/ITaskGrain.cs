using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Contracts.Jobs;
using Orleans.Concurrency;

namespace ComodCluster.Contracts.Tasks;

/// <summary>One task: key <c>task:{uid}</c>. The only writer of the task's rows in the catalog.</summary>
[Alias("comod.ITaskGrain")]
public interface ITaskGrain : IGrainWithStringKey
{
    /// <exception cref="ComodException">name-taken, not-found (backbone, data set), not-ready,
    /// request-invalid.</exception>
    [Alias("Create")]
    Task<TaskInfo> Create(string tenant, TaskSpec spec, CancellationToken cancellation);

    [Alias("Get"), AlwaysInterleave]
    Task<TaskInfo> Get(CancellationToken cancellation);

    /// <summary>Starts a job, or returns the one with the same id and the same request.</summary>
    /// <exception cref="ComodException">job-conflict: the id belongs to another request, or the task is
    /// adapting.</exception>
    [Alias("Adapt")]
    Task<JobInfo> Adapt(AdaptRequest request, CancellationToken cancellation);

    /// <summary>Probabilities of each encoded image under the active version. The images are not copied within a
    /// silo.</summary>
    /// <exception cref="ComodException">no-version (409), busy (429), or a code of the image decoder (422).</exception>
    [Alias("Predict"), AlwaysInterleave]
    Task<PredictResponse> Predict([Immutable] IReadOnlyList<byte[]> images, CancellationToken cancellation);

    [Alias("Versions"), AlwaysInterleave]
    Task<IReadOnlyList<VersionInfo>> Versions(CancellationToken cancellation);

    [Alias("Maps"), AlwaysInterleave]
    Task<VersionMaps> Maps(int version, CancellationToken cancellation);

    /// <summary>Swaps the served version; 0 is the base.</summary>
    /// <exception cref="ComodException">not-found, blob-damaged, version-comparison (409).</exception>
    [Alias("Activate")]
    Task<TaskInfo> Activate(int version, CancellationToken cancellation);

    /// <summary>
    /// For runs of the build before, which report a job's end here: as the report inside the cluster, without its
    /// numbers. Goes with the next version.
    /// </summary>
    [Alias("Complete")]
    Task Complete(JobOutcome outcome, CancellationToken cancellation);

    [Alias("Delete")]
    Task Delete(CancellationToken cancellation);
}
