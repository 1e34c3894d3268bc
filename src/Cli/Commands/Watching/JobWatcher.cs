using ComodCluster.Api.Jobs;
using ComodCluster.Client;
using Spectre.Console;

namespace ComodCluster.Cli.Commands.Watching;

/// <summary>
/// Follows jobs to their end and shows one bar for each <see cref="JobBar"/>; in files and pipes a line now and then.
/// </summary>
internal sealed class JobWatcher(ComodClient client, Terminal terminal)
{
    /// <summary>A line in a file or pipe for every such part of the way.</summary>
    private const double PlainStep = 0.25;

    public async Task<JobInfo> Watch(string label, JobInfo job, CancellationToken cancellation) =>
        (await Watch([new JobBar(label, job)], cancellation))[0];

    /// <returns>The last states of all jobs, in the order of the bars.</returns>
    /// <exception cref="JobsLeftException">Interrupted.</exception>
    /// <exception cref="JobFailedException">One failed or was cancelled; thrown once all have ended.</exception>
    public async Task<IReadOnlyList<JobInfo>> Watch(IReadOnlyList<JobBar> bars, CancellationToken cancellation)
    {
        IReadOnlyList<JobInfo> jobs;
        try
        {
            jobs = terminal.Live ? await WatchLive(bars, cancellation) : await Follow(bars, PlainLines(), cancellation);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new JobsLeftException([.. bars.SelectMany(bar => bar.Open)], e);
        }
        return jobs.FirstOrDefault(job => job.Phase != JobPhase.Succeeded) is { } failed
            ? throw new JobFailedException(failed)
            : jobs;
    }

    private Task<IReadOnlyList<JobInfo>> WatchLive(IReadOnlyList<JobBar> bars, CancellationToken cancellation)
    {
        var byTask = new Dictionary<int, JobBar>();
        var wide = terminal.Error.Profile.Width >= 100;
        return terminal
            .Error.Progress()
            .HideCompleted(false)
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = wide ? 30 : 12 },
                new PercentageColumn(),
                new BarColumn(byTask, 10, BarText.Loss),
                new BarColumn(byTask, 9, BarText.Accuracy),
                new BarColumn(byTask, 10, BarText.Rate),
                new BarColumn(byTask, 7, BarText.Left)
            )
            .StartAsync(context =>
            {
                var tasks = new Dictionary<JobBar, ProgressTask>();
                foreach (var bar in bars)
                {
                    var task = context.AddTask(Markup.Escape(bar.Label), maxValue: 1);
                    byTask[task.Id] = bar;
                    tasks[bar] = task;
                }
                return Follow(bars, bar => tasks[bar].Value = bar.State().Progress, cancellation);
            });
    }

    private Action<JobBar> PlainLines()
    {
        var told = new Dictionary<JobBar, double>();
        return bar =>
        {
            lock (told)
            {
                var state = bar.State();
                if (
                    told.TryGetValue(bar, out var last)
                    && !(state.Progress >= last + PlainStep)
                    && !(state.Done && last < 2)
                )
                    return;
                told[bar] = state.Done ? 2 : state.Progress;
                terminal.Error.WriteLine(BarText.Line(bar.Label, state));
            }
        };
    }

    private async Task<IReadOnlyList<JobInfo>> Follow(
        IReadOnlyList<JobBar> bars,
        Action<JobBar> changed,
        CancellationToken cancellation
    )
    {
        return await Task.WhenAll(bars.SelectMany(bar => bar.Jobs.Select((id, index) => Follow(bar, index, id))));

        async Task<JobInfo> Follow(JobBar bar, int index, string id)
        {
            JobInfo? last = null;
            await foreach (var state in client.Jobs.Watch(id, cancellation))
            {
                bar.Set(index, last = state);
                changed(bar);
            }
            return last!;
        }
    }
}
