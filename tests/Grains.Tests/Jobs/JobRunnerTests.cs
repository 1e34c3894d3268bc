using System.Reflection;
using System.Threading.Channels;
using ComodCluster.Api;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Engine.Execution;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Tests.Storage.Catalog;
using ComodCluster.Grains.Tests.Storage.Collection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Tests.Jobs;

/// <summary>
/// A job whose grain does not answer in time, or whose storage is away: nothing is told to be over, the run ends, and
/// the scan can take the job up again.
/// </summary>
public sealed class JobRunnerTests : IDisposable
{
    private const string SiloDied = "the silo of the grain died",
        SiloEnds = "the silo of the grain ends";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly TestCatalog _catalog = new();
    private readonly Calls _calls = new();
    private readonly Work _work;
    private readonly JobRunner _runner;

    public JobRunnerTests()
    {
        _work = new Work(_calls);
        var blobs = new BlobStore(
            _catalog.Directory,
            new DiskFiles(),
            new DirectoryDepot(_catalog.Directory, new DiskFiles()),
            new ProcessBlobLocks()
        );
        var collector = new TestCollector(
            _catalog.Database,
            blobs,
            new DirectoryDepot(_catalog.Directory, new DiskFiles())
        ).Collector;
        var meters = new ServiceCollection()
            .AddMetrics()
            .BuildServiceProvider()
            .GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        var grains = DispatchProxy.Create<IGrainFactory, Grains>();
        ((Grains)(object)grains).Calls = _calls;
        _runner = new JobRunner(
            grains,
            [_work, new Work(_calls, JobKind.Adapt)],
            new FairShare(),
            blobs,
            collector,
            new JobInstruments(meters),
            TimeProvider.System,
            NullLogger<JobRunner>.Instance
        );
    }

    public void Dispose() => _catalog.Dispose();

    [Theory]
    [InlineData("Began")]
    [InlineData("Run")] // a call of the work to its subject's grain
    [InlineData("Ended")]
    [InlineData("Run", SiloDied)]
    [InlineData("Ended", SiloDied)]
    [InlineData("Began", SiloEnds)]
    [InlineData("Run", SiloEnds)]
    [InlineData("Ended", SiloEnds)]
    [InlineData("Began", ErrorCodes.StorageUnavailable)]
    [InlineData("Run", ErrorCodes.StorageUnavailable)]
    [InlineData("Ended", ErrorCodes.StorageUnavailable)]
    [InlineData("Run", ErrorCodes.StorageFull)]
    [InlineData("Ended", ErrorCodes.StorageFull)]
    public async Task Run_GrainThatDoesNotAnswerOrStorageThatIsAwayOrFull_SaysWhyEndsWithoutAFailureAndRunsAgain(
        string silent,
        string? code = null
    )
    {
        _calls.Failure = code switch
        {
            null => new TimeoutException("Response did not arrive on time."),
            SiloEnds => new TaskCanceledException("The silo ends."),
            SiloDied => new SiloUnavailableException("The target silo became unavailable."),
            _ => new ComodException(code, 503, "Wait."),
        };
        _work.HandsOver = true;
        var job = Job("slow");
        _calls.Silent = silent;

        _runner.Start(job);
        await _runner.Ended(job.Key);
        Assert.DoesNotContain("Fail", _calls.Made);
        Assert.Equal(
            code is null or SiloDied or SiloEnds ? [silent] : [silent, "Waits"],
            _calls.Made[^(code is null or SiloDied or SiloEnds ? 1 : 2)..]
        );

        _calls.Silent = null;
        _runner.Start(job with { Epoch = 2 });
        await _runner.Ended(job.Key);
        Assert.DoesNotContain("Fail", _calls.Made);
        Assert.Equal("Ended", _calls.Made[^1]);
    }

    [Fact]
    public async Task Run_WhoseReportsAreNotHeard_Ends()
    {
        _calls.Failure = new ComodException(ErrorCodes.StorageUnavailable, 503, "Wait.");
        (_calls.Silent, _calls.AlsoSilent) = ("Ended", "Waits");
        var job = Job("unheard");

        _runner.Start(job);
        await _runner.Ended(job.Key);
        Assert.False(_runner.IsRunning(job.Key));
        await _runner.Drain();
    }

    [Fact]
    public async Task Run_JobThatMustEnd_TellsItsSubjectAndDoesNoWork()
    {
        var job = Job("doomed") with { Verdict = new JobError(ErrorCodes.WorkerDied, "It died.") };

        _runner.Start(job);
        await _runner.Ended(job.Key);

        Assert.Equal(["Fail", "Ended"], _calls.Made);
    }

    [Fact]
    public async Task Run_JobThatRunsAlone_BeginsWhenTheOthersHaveEndedAndLetsNoneInBeforeItsCheckpoint()
    {
        var (first, alone, last) = (Job("first"), Job("alone") with { Alone = true }, Job("last"));
        TaskCompletionSource firstEnds = new(),
            progress = new(),
            aloneEnds = new();
        var begun = Channel.CreateUnbounded<string>();
        _work.Doing = async (job, run) =>
        {
            await begun.Writer.WriteAsync(job.Key.Id);
            if (job.Key == first.Key)
                await firstEnds.Task;
            if (job.Key != alone.Key)
                return;
            await progress.Task;
            await run.Checkpoint([1]);
            await aloneEnds.Task;
        };

        _runner.Start(first);
        Assert.Equal("first", await begun.Reader.ReadAsync(Cancellation));
        _runner.Start(alone);
        await _calls.When("Waits").WaitAsync(Cancellation);
        Assert.False(_runner.Load.HasRoom);
        _runner.Start(last);
        Assert.Equal((1, 2), (_runner.Load.Running, _runner.Load.Waiting));
        firstEnds.SetResult();
        Assert.Equal("alone", await begun.Reader.ReadAsync(Cancellation));
        await _runner.Ended(first.Key);
        Assert.Equal((1, 1), (_runner.Load.Running, _runner.Load.Waiting));
        progress.SetResult();
        Assert.Equal("last", await begun.Reader.ReadAsync(Cancellation));
        aloneEnds.SetResult();
        await Task.WhenAll(new[] { first, alone, last }.Select(j => _runner.Ended(j.Key)));
    }

    [Fact]
    public async Task Run_WithoutCheckpointsOnAFullDisk_Fails()
    {
        _calls.Failure = new ComodException(ErrorCodes.StorageFull, 507, "The disk is full.");
        _calls.Silent = "Run";
        var job = Job("large");

        _runner.Start(job);
        await _runner.Ended(job.Key);
        Assert.Equal(["Fail", "Ended"], _calls.Made[^2..]);
    }

    private static JobAssignment Job(string id) =>
        new(new JobKey(TestCatalog.Tenant, id), TestCatalog.Job(id), 1, null, TestCatalog.Created);

    /// <summary>What was called, and which of the calls fails.</summary>
    private sealed class Calls
    {
        public List<string> Made { get; } = [];
        public string? Silent { get; set; }
        public string? AlsoSilent { get; set; }
        public Exception Failure { get; set; } = new TimeoutException();

        private readonly Dictionary<string, TaskCompletionSource> _awaited = [];

        public Task When(string name) => Awaited(name).Task;

        public void Make(string name)
        {
            lock (Made)
                Made.Add(name);
            Awaited(name).TrySetResult();
            if (name == Silent || name == AlsoSilent)
                throw Failure;
        }

        private TaskCompletionSource Awaited(string name)
        {
            lock (_awaited)
                return _awaited.TryGetValue(name, out var known) ? known : _awaited[name] = new();
        }
    }

    private sealed class Work(Calls calls, JobKind kind = JobKind.Import) : IJobWork
    {
        public JobKind Kind => kind;

        public bool HandsOver { get; set; }

        public int AtOnce => 3;

        public Func<JobAssignment, JobRun, Task> Doing { get; set; } = (_, _) => Task.CompletedTask;

        public async Task<IReadOnlyList<int>> Run(JobAssignment job, JobRun run, CancellationToken cancellation)
        {
            calls.Make("Run");
            await Doing(job, run);
            return [];
        }

        public Task Fail(JobAssignment job, JobError error)
        {
            calls.Make("Fail");
            return Task.CompletedTask;
        }

        public Task CleanUp(JobAssignment job) => Task.CompletedTask;
    }

    private sealed class Reports(Calls calls) : IJobReports
    {
        public Task<bool> Began(long epoch) => Answer("Began");

        public Task Waits(long epoch, string reason) => Answer("Waits");

        public Task Progressed(long epoch, JobProgress progress) => Task.CompletedTask;

        public Task<bool> Checkpointed(long epoch, string digest) => Answer("Checkpointed");

        public Task Left(long epoch) => Answer("Left");

        public Task Stopped(long epoch) => Answer("Stopped");

        public Task Ended(long epoch, IReadOnlyList<int> versions, JobError? error) => Answer("Ended");

        private Task<bool> Answer(string name)
        {
            calls.Make(name);
            return Task.FromResult(true);
        }
    }

    /// <summary>Knows only the reports of jobs.</summary>
    public class Grains : DispatchProxy
    {
        internal object? Calls { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.ReturnType == typeof(IJobReports)
                ? new Reports((Calls)Calls!)
                : throw new NotSupportedException(targetMethod.Name);
    }
}
