using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using Orleans.Concurrency;

namespace ComodCluster.Contracts.Datasets;

/// <summary>One data set: key <c>dataset:{uid}</c>.</summary>
[Alias("comod.IDatasetGrain")]
public interface IDatasetGrain : IGrainWithStringKey
{
    /// <summary>Registers the data set and starts its import job.</summary>
    [Alias("Create")]
    Task<JobInfo> Create(string tenant, DatasetSpec spec, string? jobId, CancellationToken cancellation);

    /// <summary>Tells a request without a job id before its archive is read whether the name can take it.</summary>
    /// <exception cref="ComodException">name-taken</exception>
    [Alias("CheckFree")]
    Task CheckFree(CancellationToken cancellation);

    [Alias("Get"), AlwaysInterleave]
    Task<DatasetInfo> Get(CancellationToken cancellation);

    /// <summary>Called by the import job. A failed import leaves the row with its reason and no blob.</summary>
    [Alias("Complete")]
    Task Complete(ImportOutcome outcome, CancellationToken cancellation);

    /// <exception cref="ComodException">in-use: a task refers to it.</exception>
    [Alias("Delete")]
    Task Delete(CancellationToken cancellation);
}
