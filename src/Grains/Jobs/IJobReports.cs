using ComodCluster.Api.Jobs;
using Orleans.Concurrency;

namespace ComodCluster.Grains.Jobs;

/// <summary>How a run of a job speaks to the job's grain. What an older run says is dropped.</summary>
[Alias("comod.IJobReports")]
internal interface IJobReports : IGrainWithStringKey
{
    /// <returns>False where the run is outdated and must end without a further word.</returns>
    [Alias("Began")]
    Task<bool> Began(long epoch);

    /// <summary>Kept in memory only.</summary>
    [Alias("Progressed"), OneWay]
    Task Progressed(long epoch, JobProgress progress);

    /// <summary>Names a stored checkpoint as the one to go on from.</summary>
    /// <returns>False where the run is outdated and must end without a further word.</returns>
    [Alias("Checkpointed")]
    Task<bool> Checkpointed(long epoch, string digest);

    /// <summary>
    /// The run ended without a word that could be stored; another goes on once it can be. Kept in memory only.
    /// </summary>
    [Alias("Waits"), OneWay]
    Task Waits(long epoch, string reason);

    /// <summary>The run was given up so that the job goes on elsewhere: the grain leaves the silo.</summary>
    [Alias("Left")]
    Task Left(long epoch);

    /// <summary>The run ended because the job is paused.</summary>
    [Alias("Stopped")]
    Task Stopped(long epoch);

    /// <summary>The last report of a run, after the job's subject was told.</summary>
    [Alias("Ended")]
    Task Ended(long epoch, IReadOnlyList<int> versions, JobError? error);
}
