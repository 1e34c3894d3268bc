using ComodCluster.Api.Jobs;
using Orleans.Concurrency;

namespace ComodCluster.Contracts.Jobs;

/// <summary>One job: key <c>job:{tenant}/{id}</c>.</summary>
[Alias("comod.IJobGrain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Persists and dispatches the job; with the same spec again it returns the job as it is.</summary>
    /// <exception cref="ComodException">job-conflict: the id belongs to another spec.</exception>
    [Alias("Submit")]
    Task<JobInfo> Submit(JobSpec spec, CancellationToken cancellation);

    [Alias("Get"), AlwaysInterleave]
    Task<JobInfo> Get(CancellationToken cancellation);

    /// <exception cref="ComodException">job-finished.</exception>
    [Alias("Cancel")]
    Task<JobInfo> Cancel(CancellationToken cancellation);

    /// <summary>
    /// Stops the job after a last checkpoint; it stays until it is resumed or cancelled. Paused again it stays as it
    /// is.
    /// </summary>
    /// <exception cref="ComodException">job-finished, job-conflict: it is being cancelled.</exception>
    [Alias("Pause")]
    Task<JobInfo> Pause(CancellationToken cancellation);

    /// <summary>Puts a paused job into the queue again; others stay as they are.</summary>
    /// <exception cref="ComodException">job-finished, job-conflict: it is being cancelled.</exception>
    [Alias("Unpause")]
    Task<JobInfo> Unpause(CancellationToken cancellation);

    /// <summary>The job as it is, then every change (at most ten a second), ending with its last state.</summary>
    [Alias("Watch"), AlwaysInterleave]
    IAsyncEnumerable<JobInfo> Watch(CancellationToken cancellation);

    /// <summary>
    /// Dispatches the job again if it is unfinished, not paused, and no run of it lives on the grain's silo.
    /// </summary>
    /// <returns>Whether it was dispatched.</returns>
    [Alias("Resume")]
    Task<bool> Resume(CancellationToken cancellation);
}
