using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts.Jobs;

namespace ComodCluster.Silo.Api.Jobs;

/// <summary>
/// A job's changes as server-sent events: <c>progress</c> ..., then <c>done</c>. Ends early when the process stops.
/// </summary>
public sealed class JobEvents(IJobGrain job, TimeProvider time, CancellationToken stopping)
{
    /// <summary>
    /// Without a change for so long, the last state is sent again: proxies and clients see that the stream lives.
    /// </summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public const string Progress = "progress";
    public const string Done = "done";

    public async IAsyncEnumerable<SseItem<JobInfo>> Read([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping);
        var changes = job.Watch(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = changes.MoveNextAsync().AsTask();
        JobInfo? last = null;
        try
        {
            while (last is not { IsFinished: true })
            {
                if (await Arrived(next, ending.Token) is not { } more)
                    yield break;
                if (more)
                {
                    if (!next.Result)
                        yield break;
                    last = changes.Current;
                    if (!last.IsFinished)
                        next = changes.MoveNextAsync().AsTask();
                }
                if (last is not null)
                    yield return new SseItem<JobInfo>(last, last.IsFinished ? Done : Progress);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await next.ContinueWith(
                static _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            await changes.DisposeAsync();
        }
    }

    /// <summary>
    /// True: there is a change (or the end); false: time for a sign of life; null: the reader or a process is going.
    /// </summary>
    private async Task<bool?> Arrived(Task<bool> next, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(KeepAlive, time, cancellation);
            return true;
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
        catch (Exception e)
            when (e
                    is OperationCanceledException
                        or EnumerationAbortedException
                        or SiloUnavailableException
                        or OrleansMessageRejectionException
            )
        {
            // The last three: the job's silo is going. Whoever reads connects again.
            return null;
        }
    }
}
