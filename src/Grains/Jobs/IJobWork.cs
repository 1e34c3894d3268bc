using ComodCluster.Api.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>What the jobs of one kind do.</summary>
internal interface IJobWork
{
    JobKind Kind { get; }

    /// <summary>How many jobs of the kind run at once; the others wait as queued.</summary>
    int AtOnce { get; }

    /// <summary>
    /// Whether <see cref="Run"/> goes on from checkpoints and hears of <see cref="JobRun.HandOver"/> itself; the others
    /// are cancelled then. Such a job waits for a full disk too:
    /// its checkpoint and its result are small, where an upload that does not fit will not fit later.
    /// </summary>
    bool HandsOver => false;

    /// <summary>Does the work and tells the subject's grain. Runs on the pool; throws what ends the job.</summary>
    /// <returns>Versions that the job made.</returns>
    Task<IReadOnlyList<int>> Run(JobAssignment job, JobRun run, CancellationToken cancellation);

    /// <summary>Tells the subject's grain that the job ended without a result.</summary>
    Task Fail(JobAssignment job, JobError error);

    /// <summary>Drops what only an unfinished job needs.</summary>
    Task CleanUp(JobAssignment job);
}
