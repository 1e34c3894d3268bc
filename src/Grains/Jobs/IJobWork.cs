using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>What the jobs of one kind do.</summary>
internal interface IJobWork
{
    JobKind Kind { get; }

    /// <summary>How many jobs of the kind run at once; the others wait as queued.</summary>
    int AtOnce { get; }

    /// <summary>Whether <see cref="Run"/> hears of <see cref="JobRun.HandOver"/> itself; the others are cancelled.</summary>
    bool HandsOver => false;

    /// <summary>Does the work and tells the subject's grain. Runs on the pool; throws what ends the job.</summary>
    /// <returns>Versions that the job made.</returns>
    Task<IReadOnlyList<int>> Run(JobAssignment job, JobRun run, CancellationToken cancellation);

    /// <summary>Tells the subject's grain that the job ended without a result.</summary>
    Task Fail(JobAssignment job, JobError error);

    /// <summary>Drops what only an unfinished job needs.</summary>
    Task CleanUp(JobAssignment job);
}
