using ComodCluster.Api.Jobs;

namespace ComodCluster.Cli.Commands;

/// <summary>A job ended without success.</summary>
internal sealed class JobFailedException(JobInfo job)
    : Exception(
        job.Phase == JobPhase.Cancelled
            ? $"Job {job.Id} of '{job.Subject}' was cancelled."
            : $"Job {job.Id} of '{job.Subject}' failed: {job.Error?.Message}"
    )
{
    public string Code { get; } = job.Error?.Code ?? job.Phase.ToString().ToLowerInvariant();
}
