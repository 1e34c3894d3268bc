using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ComodCluster.Api.Jobs;

namespace ComodCluster.Grains.Jobs;

/// <summary>
/// Hands a job's states to those who watch it: slow ones miss states in between, nobody misses the last.
/// </summary>
internal sealed class JobFeed
{
    private readonly Lock _lock = new();
    private readonly HashSet<Channel<JobInfo>> _watchers = [];

    public void Publish(JobInfo state)
    {
        Channel<JobInfo>[] watchers;
        lock (_lock)
            watchers = [.. _watchers];
        foreach (var watcher in watchers)
        {
            watcher.Writer.TryWrite(state);
            if (state.IsFinished)
                watcher.Writer.TryComplete();
        }
    }

    /// <summary>The present state, then every change, ending with the final state.</summary>
    /// <param name="present">Read after the watcher is in place, so that no change falls between.</param>
    public async IAsyncEnumerable<JobInfo> Watch(
        Func<JobInfo> present,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var watcher = Channel.CreateBounded<JobInfo>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        lock (_lock)
            _watchers.Add(watcher);
        try
        {
            var last = present();
            yield return last;
            if (last.IsFinished)
                yield break;
            await foreach (var state in watcher.Reader.ReadAllAsync(cancellation))
                yield return state;
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(watcher);
        }
    }
}
