using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>One run of a job.</summary>
/// <param name="Epoch">Stored before the run began; the fence against older runs.</param>
/// <param name="Checkpoint">Digest of the blob to go on from; null: from the start.</param>
/// <param name="Created">When the job was made: what the job was given is older than this.</param>
internal sealed record JobAssignment(JobKey Key, JobSpec Spec, long Epoch, string? Checkpoint, DateTimeOffset Created);
