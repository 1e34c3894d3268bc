using ComodCluster.Api.Jobs;
using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>One run of a job.</summary>
/// <param name="Epoch">Stored before the run began; the fence against older runs.</param>
/// <param name="Checkpoint">Digest of the blob to go on from; null: from the start.</param>
/// <param name="Created">When the job was made: what the job was given is older than this.</param>
internal sealed record JobAssignment(JobKey Key, JobSpec Spec, long Epoch, string? Checkpoint, DateTimeOffset Created)
{
    /// <summary>No other job runs beside it until it has stored a checkpoint.</summary>
    public bool Alone { get; init; }

    /// <summary>The run does no work and only ends the job, with this.</summary>
    public JobError? Verdict { get; init; }
}
