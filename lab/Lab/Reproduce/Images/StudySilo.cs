using ComodCluster.Api.Jobs;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Commands;
using ComodCluster.Cli.Commands.Demo;
using ComodCluster.Cli.Silos;
using ComodCluster.Client;

namespace ComodCluster.Lab.Reproduce.Images;

/// <summary>
/// The silo that all cells of a reproduction share: started by the first, with data that goes when it ends.
/// </summary>
internal abstract class StudySilo : IAsyncDisposable
{
    private const string Silo = "silo",
        Diverged = "adaptation-diverged";

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<string, Task> _prepared = [];
    private DemoDirectory? _directory;
    private SiloProcess? _silo;
    private ComodClient? _client;
    private int _count;

    protected ComodClient Client => _client!;

    /// <summary>Waits for the silo; the first call starts it.</summary>
    protected Task Started(CancellationToken cancellation) => Once(Silo, Start, cancellation);

    /// <summary>What follows the silo's start.</summary>
    protected virtual Task Prepare(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>One trial of a task that goes afterwards.</summary>
    /// <param name="task">Of the name that is chosen here.</param>
    /// <exception cref="JobFailedException">The job failed for another reason than divergence.</exception>
    protected async Task<TrialResult> Adapt(
        Func<string, TaskSpec> task,
        Trial trial,
        int seed,
        CancellationToken cancellation
    )
    {
        var name = Name("task");
        await Client.Tasks.Create(task(name), cancellation);
        var job = await Client.Tasks.Adapt(
            name,
            new AdaptRequest
            {
                Methods = [trial.Method],
                Seeds = [seed],
                Experimental = trial.Method.IsExperimental(),
            },
            cancellation
        );
        job = await Client.Jobs.WaitFor(job.Id, cancellation);
        if (job.Phase != JobPhase.Succeeded && job.Error?.Code != Diverged)
            throw new JobFailedException(job);
        var version = (await Client.Tasks.Versions(name, cancellation)).SingleOrDefault(version =>
            version.Job == job.Id
        );
        await Client.Tasks.Delete(name, cancellation);
        return new(trial, version);
    }

    protected async Task Done(JobInfo job, CancellationToken cancellation)
    {
        job = await Client.Jobs.WaitFor(job.Id, cancellation);
        if (job.Phase != JobPhase.Succeeded)
            throw new JobFailedException(job);
    }

    /// <summary>What several cells need and the first of them prepares; it goes on when that one is given up.</summary>
    protected Task Once(string what, Func<CancellationToken, Task> prepare, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_prepared.TryGetValue(what, out var prepared))
                _prepared[what] = prepared = Task.Run(() => prepare(_ended.Token), _ended.Token);
            return prepared.WaitAsync(cancellation);
        }
    }

    protected string Name(string kind) => $"{kind}-{Interlocked.Increment(ref _count)}";

    private async Task Start(CancellationToken cancellation)
    {
        _directory = DemoDirectory.Create(null);
        _silo = await SiloProcess.Start(new SiloSettings { DataDirectory = _directory.Path }, cancellation);
        _client = ComodClient.Connect(_silo.Url);
        await Prepare(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Task.WhenAll(_prepared.Values).ContinueWith(_ => { }, TaskScheduler.Default);
        _client?.Dispose();
        if (_silo is not null)
            await _silo.DisposeAsync();
        _directory?.Dispose();
        _ended.Dispose();
    }
}
