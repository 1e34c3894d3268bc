using System.IO.Hashing;
using System.Text;

namespace ComodCluster.Grains.Workers;

/// <summary>
/// Where tasks and jobs go. Each affinity (backbone and data set) ranks the workers by rendezvous hashing, so that what
/// shares weights and prefix activations meets on one worker, and a worker that comes or goes moves only its own share;
/// a bound on the load lets the others overflow to the next.
/// </summary>
internal static class WorkerChoice
{
    /// <summary>
    /// A worker holds at most so many times the mean number of tasks (consistent hashing with bounded loads, Mirrokni,
    /// Thorup and Zadimoghaddam 2018).
    /// </summary>
    public const double TaskBound = 1.25;

    /// <summary>
    /// Device-seconds by which a job's home may be behind the least loaded worker: about what computing the activations
    /// elsewhere would cost.
    /// </summary>
    public const double SpillSeconds = 10;

    /// <param name="workers">At least one.</param>
    /// <returns>Index into <paramref name="workers"/>.</returns>
    public static int ForTask(string affinity, ReadOnlySpan<WorkerLoad> workers)
    {
        var tasks = 0;
        foreach (var worker in workers)
            tasks += worker.Tasks;
        var most = (int)Math.Ceiling(TaskBound * (tasks + 1) / workers.Length);
        return Best(affinity, workers, worker => worker.Tasks < most);
    }

    /// <inheritdoc cref="ForTask"/>
    public static int ForJob(string affinity, ReadOnlySpan<WorkerLoad> workers)
    {
        var least = double.PositiveInfinity;
        foreach (var worker in workers)
            least = Math.Min(least, worker.BacklogSeconds);
        return Best(affinity, workers, worker => worker.BacklogSeconds <= least + SpillSeconds);
    }

    private static int Best(string affinity, ReadOnlySpan<WorkerLoad> workers, Func<WorkerLoad, bool> hasRoom)
    {
        var (best, highest) = (-1, 0ul);
        for (var i = 0; i < workers.Length; i++)
        {
            if (!hasRoom(workers[i]))
                continue;
            var rank = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{affinity}\n{workers[i].Name}"));
            if (best < 0 || rank > highest)
                (best, highest) = (i, rank);
        }
        return best;
    }
}
