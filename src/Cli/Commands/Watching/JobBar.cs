using ComodCluster.Api.Jobs;

namespace ComodCluster.Cli.Commands.Watching;

/// <summary>One progress bar over one or several jobs, and what is known of them.</summary>
internal sealed class JobBar(string label, IReadOnlyList<string> jobs)
{
    private readonly JobInfo?[] _states = new JobInfo?[jobs.Count];
    private readonly Lock _gate = new();

    public JobBar(string label, JobInfo job)
        : this(label, [job.Id]) { }

    public string Label => label;

    public IReadOnlyList<string> Jobs => jobs;

    /// <summary>Those that are not known to have ended.</summary>
    public IReadOnlyList<string> Open
    {
        get
        {
            lock (_gate)
                return [.. jobs.Where((_, i) => _states[i] is not { IsFinished: true })];
        }
    }

    public void Set(int index, JobInfo state)
    {
        lock (_gate)
            _states[index] = state;
    }

    /// <summary>
    /// The jobs as one: means of progress, loss and accuracy, sum of the rates, the longest time left.
    /// </summary>
    public BarState State()
    {
        lock (_gate)
        {
            var known = _states.OfType<JobInfo>().ToArray();
            var open = known.Where(job => !job.IsFinished).ToArray();
            return new BarState
            {
                Progress = _states.Average(job =>
                    job is null ? 0
                    : job.Phase == JobPhase.Succeeded ? 1
                    : Math.Clamp(job.Progress, 0, 1)
                ),
                Activity = open.Select(job => job.Activity ?? job.Phase.ToString().ToLowerInvariant()).FirstOrDefault(),
                Loss = known.Average(job => job.Loss),
                Accuracy = known.Average(job => job.Accuracy),
                ImagesPerSecond =
                    open.Length == 0 ? known.Max(job => job.ImagesPerSecond) : open.Sum(job => job.ImagesPerSecond),
                SecondsLeft = open.Max(job => job.SecondsLeft),
                Done = known.Length == _states.Length && open.Length == 0,
                Failed = known.Any(job => job.Phase is JobPhase.Failed or JobPhase.Cancelled),
            };
        }
    }
}
