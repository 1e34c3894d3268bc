using ComodCluster.Api.Planning;
using Orleans.Concurrency;

namespace ComodCluster.Contracts.Planning;

/// <summary>
/// Makes plans on the worker of a backbone and a data set: key <c>plan:{tenant}/{backbone}/{dataset}</c>. Holds
/// nothing.
/// </summary>
[Alias("comod.IPlanGrain")]
public interface IPlanGrain : IGrainWithStringKey
{
    /// <exception cref="ComodException">
    /// not-found, not-ready (409), busy (429); 422 with the engine's code where no plan can be made for the task:
    /// examples-too-few, task-one-class, label-unknown, settings-invalid, ...
    /// </exception>
    [Alias("Make"), AlwaysInterleave, ResponseTimeout("00:10:00")]
    Task<PlanReport> Make(string tenant, PlanRequest request, CancellationToken cancellation);
}
