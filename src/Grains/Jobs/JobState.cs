using ComodCluster.Api.Jobs;
using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>What the catalog keeps of a job.</summary>
/// <param name="Spec">Never changes.</param>
/// <param name="Epoch">Counts the dispatches.</param>
/// <param name="Silo">That the latest dispatch went to; null once that run handed the job over.</param>
/// <param name="Checkpoint">Digest of the latest checkpoint's blob.</param>
internal sealed record JobState(JobSpec Spec, JobInfo Info, JobRuns Runs, long Epoch, string? Silo, string? Checkpoint);
