namespace ComodCluster.Grains.Workers;

/// <summary>How a grain finds its worker.</summary>
public enum Placed
{
    /// <summary>
    /// By what its object shares with others (key <see cref="Contracts.ObjectKey"/>), within a bound on the grains of a
    /// worker.
    /// </summary>
    AsObject,

    /// <summary>
    /// By what the job's subject shares with others (key <see cref="Contracts.Jobs.JobKey"/>), within a bound on the
    /// backlog of a worker.
    /// </summary>
    AsJob,

    /// <summary>By its key alone.</summary>
    ByKey,
}
