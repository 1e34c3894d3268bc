using ComodCluster.Api.Backbones;
using ComodCluster.Api.Jobs;
using Orleans.Concurrency;

namespace ComodCluster.Contracts.Backbones;

/// <summary>One backbone: key <c>backbone:{uid}</c>.</summary>
[Alias("comod.IBackboneGrain")]
public interface IBackboneGrain : IGrainWithStringKey
{
    /// <summary>Registers weights whose blob is already stored; they are loaded once to see that they fit.</summary>
    /// <param name="architecture">What the weights must be. Those without this project's metadata need it:
    /// <c>resnet18</c>, <c>resnet34</c> or <c>resnet50</c>.</param>
    /// <param name="classes">Names of the head's classes, which weights without this project's metadata need where they
    /// have a head.</param>
    [Alias("Register")]
    Task<BackboneInfo> Register(
        string tenant,
        string name,
        string blob,
        string? architecture,
        IReadOnlyList<string>? classes,
        CancellationToken cancellation
    );

    /// <summary>Registers the name and starts the training job.</summary>
    [Alias("Train")]
    Task<JobInfo> Train(string tenant, TrainBackboneRequest request, CancellationToken cancellation);

    [Alias("Get"), AlwaysInterleave]
    Task<BackboneInfo> Get(CancellationToken cancellation);

    /// <summary>Called by the training job with the stored weights, or with what went wrong.</summary>
    [Alias("Complete")]
    Task Complete(string job, string? blob, JobError? error, CancellationToken cancellation);

    /// <exception cref="ComodException">in-use: a task refers to it.</exception>
    [Alias("Delete")]
    Task Delete(CancellationToken cancellation);
}
