using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Grains.Jobs;

internal static class JobNames
{
    /// <summary>An id for a job whose client did not choose one.</summary>
    public static string New(TimeProvider time) => $"job-{Guid.CreateVersion7(time.GetUtcNow()):n}";

    public static async Task CancelIfUnfinished(this IJobGrain job, CancellationToken cancellation)
    {
        try
        {
            await job.Cancel(cancellation);
        }
        catch (ComodException e) when (e.Code is ErrorCodes.JobFinished or ErrorCodes.NotFound)
        {
            // It has ended by itself.
        }
    }
}
