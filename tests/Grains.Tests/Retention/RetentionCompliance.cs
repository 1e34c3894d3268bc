using System.Diagnostics.Metrics;
using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Retention;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Tests.Loops;
using ComodCluster.Grains.Tests.Storage.Catalog;
using ComodCluster.Grains.Tests.Storage.Collection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Tests.Retention;

/// <summary>What is purged on every database, and what never is.</summary>
public abstract class RetentionCompliance : IAsyncLifetime
{
    private static readonly PurgedRows Nothing = new(0, 0, 0);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ArmedTime _time = new();
    private readonly CommitWatch _commits = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddLoops().BuildServiceProvider();
    private TestCatalog _catalog = null!;
    private CatalogDatabase _database = null!;
    private BlobStore _blobs = null!;
    private TestCollector _collector = null!;
    private CatalogPurge _purge = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract Task<TestCatalog> NewCatalog(IInterceptor interceptor);

    public async ValueTask InitializeAsync()
    {
        _time.SetUtcNow(TestCatalog.Created);
        _catalog = await NewCatalog(_commits);
        _database = _catalog.Another(time: _time);
        var files = new DiskFiles();
        var depot = new DirectoryDepot(_catalog.Directory, files);
        _blobs = new BlobStore(_catalog.Directory, files, depot, new ProcessBlobLocks());
        _collector = new TestCollector(_database, _blobs, depot);
        await _collector.Begin();
        _purge = Another(_database);
    }

    public async ValueTask DisposeAsync()
    {
        _database.Dispose();
        _catalog.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Purge_DeletedTaskWith300Versions_GoesInTransactionsOfAHundredRows()
    {
        await Create("task");
        await AddVersions("task", 300);
        await Delete("task");
        Assert.Equal(Nothing, await PurgeAfter(29 * Day));
        _commits.Count = 0;

        Assert.Equal(new PurgedRows(1, 300, 0), await PurgeAfter(31 * Day));

        Assert.Equal(4, _commits.Count);
        Assert.Equal((0, 0), await Rows("task"));
    }

    [Fact]
    public async Task Purge_CutShort_LeavesNoVersionWithoutItsTaskAndIsDoneAgain()
    {
        await Create("task");
        await AddVersions("task", 300);
        await Delete("task");
        using var dies = new CancellationTokenSource();
        _commits.Count = 0;
        _commits.Before = number =>
        {
            if (number < 3)
                return;
            dies.Cancel();
            throw new OperationCanceledException(dies.Token);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _purge.Purge(_time.GetUtcNow() + 31 * Day, dies.Token)
        );

        Assert.Equal((1, 100), await Rows("task"));
        _commits.Before = _ => { };
        Assert.Equal(new PurgedRows(1, 100, 0), await PurgeAfter(31 * Day));
        Assert.Equal((0, 0), await Rows("task"));
    }

    [Fact]
    public async Task Purge_JobsOfALivingObject_GoWhereTheyFailedAndNothingNamesThem()
    {
        Job[] stay =
        [
            new("done", JobPhase.Succeeded),
            new("done-named", JobPhase.Succeeded, Named: true),
            new("done-versions", JobPhase.Succeeded, Versions: 2),
            new("failed-named", JobPhase.Failed, Named: true),
            new("failed-versions", JobPhase.Failed, Versions: 1),
            new("cancelled-named", JobPhase.Cancelled, Named: true),
            new("queued", JobPhase.Queued),
            new("running", JobPhase.Running),
            new("paused", JobPhase.Paused),
            new("cancelling", JobPhase.Cancelling),
        ];
        Job[] go = [new("failed", JobPhase.Failed), new("cancelled", JobPhase.Cancelled)];
        await AddSubjects([.. stay, .. go]);
        Assert.Equal(Nothing, await PurgeAfter(29 * Day));

        Assert.Equal(new PurgedRows(0, 0, 2), await PurgeAfter(31 * Day));

        Assert.Equal(Ids(stay), await Read(rows => rows.Jobs.Select(j => j.Id).Order().ToListAsync(Stop)));
        Assert.Equal(12, await Read(rows => rows.Objects.CountAsync(Stop)));
        Assert.Equal(3, await Read(rows => rows.Versions.CountAsync(Stop)));
    }

    [Fact]
    public async Task Purge_JobsOfADeletedObject_GoWithItOnceTheyHaveEnded()
    {
        Job[] stay =
        [
            new("queued", JobPhase.Queued, Named: true),
            new("running", JobPhase.Running, Named: true),
            new("paused", JobPhase.Paused, Named: true),
            new("cancelling", JobPhase.Cancelling, Named: true, Versions: 1),
        ];
        Job[] go =
        [
            new("done", JobPhase.Succeeded, Named: true, Versions: 2),
            new("failed", JobPhase.Failed),
            new("cancelled", JobPhase.Cancelled, Named: true),
        ];
        await AddSubjects([.. stay, .. go]);
        foreach (var job in stay.Concat(go))
            await Delete(Subject(job));
        Assert.Equal(Nothing, await PurgeAfter(29 * Day));

        Assert.Equal(new PurgedRows(3, 2, 3), await PurgeAfter(31 * Day));

        Assert.Equal(Ids(stay), await Read(rows => rows.Jobs.Select(j => j.Id).Order().ToListAsync(Stop)));
        Assert.Equal(
            stay.Select(Subject).Order(),
            await Read(rows => rows.Objects.Select(o => o.Uid).Order().ToListAsync(Stop))
        );
    }

    [Fact]
    public async Task Purge_IdOfAJob_IsFreeOnlyOnceItIsPurged()
    {
        await Create("subject", "good");
        await AddJob("good", "subject", JobPhase.Succeeded);
        await AddJob("bad", "subject", JobPhase.Failed);
        await PurgeAfter(31 * Day);

        var taken = await Assert.ThrowsAsync<ComodException>(() => Create("a", along: With("good")));
        Assert.Equal(ErrorCodes.JobConflict, taken.Code);
        await Create("b", along: With("bad"));
    }

    [Fact]
    public async Task Purge_BlobsStillThere_KeepTheRowsThatExplainThem()
    {
        await Create("dataset", digest: await Put(1));
        await Create("task");
        await AddVersions("task", 1, digest: await Put(2));
        await AddJob("import", "dataset", JobPhase.Succeeded, archive: await Put(3));
        await Create("living", digest: await Put(4));
        await Create("same", digest: await Put(4));
        foreach (var uid in (string[])["dataset", "task", "same"])
            await Delete(uid);

        // What a living object names as well is no blob of theirs.
        Assert.Equal(new PurgedRows(1, 0, 0), await PurgeAfter(31 * Day));
        Assert.Equal(3, await _collector.SweepTwice());
        Assert.Equal(new PurgedRows(2, 1, 1), await PurgeAfter(31 * Day));
    }

    [Fact]
    public async Task Purge_RowsThatStay_HideNoneBehindThem()
    {
        await Write(rows =>
            rows.Objects.AddRange(Enumerable.Range(0, 240).Select(n => Tombstone($"{(n < 120 ? 'a' : 'b')}{n:000}")))
        );
        await AddJobs(120, n => $"a{n:000}", JobPhase.Running);
        Assert.Equal(Nothing, await PurgeAfter(29 * Day));

        Assert.Equal(new PurgedRows(120, 0, 0), await PurgeAfter(31 * Day));
    }

    [Fact]
    public async Task Purge_TombstoneOfAnEarlierBuild_CountsFromItsFirstSight()
    {
        await Write(rows => rows.Objects.Add(Tombstone("old")));

        Assert.Equal(Nothing, await _purge.Purge(null, Stop));
        Assert.Equal(Nothing, await PurgeAfter(29 * Day));
        Assert.Equal(new PurgedRows(1, 0, 0), await PurgeAfter(31 * Day));
    }

    [Fact]
    public async Task Purge_ByTwoSilosAtOnce_EachRowCountsOnce()
    {
        await Create("task");
        await AddVersions("task", 250);
        await AddJobs(250, _ => "task", JobPhase.Succeeded);
        await Delete("task");
        using var other = _catalog.Another(time: _time);
        var now = _time.GetUtcNow() + 31 * Day;

        var purged = await Task.WhenAll(_purge.Purge(now, Stop), Another(other).Purge(now, Stop));
        var rest = await Purge(now);

        Assert.Equal(
            (1, 250, 250),
            (
                purged.Append(rest).Sum(p => p.Objects),
                purged.Append(rest).Sum(p => p.Versions),
                purged.Append(rest).Sum(p => p.Jobs)
            )
        );
    }

    [Fact]
    public async Task Purge_CatalogLostWrites_DeletesNothing()
    {
        await Create("a");
        await Delete("a");
        await _collector.Watch.Compare(Stop);
        await Read(rows => rows.Database.ExecuteSqlRawAsync("UPDATE comod_writes SET count = 0", Stop));

        Assert.Equal(Nothing, await PurgeAfter(31 * Day));
    }

    [Fact]
    public async Task Loop_SecondRound_PurgesWhatHadExpiredAtTheFirstAndCountsIt()
    {
        await Create("a");
        await Delete("a");
        _time.Advance(31 * Day);
        using var loop = new RetentionLoop(
            _purge,
            _services.GetRequiredService<SiloLoops>(),
            _time,
            NullLogger<RetentionLoop>.Instance
        );
        await loop.StartAsync(Stop);
        await _time.Armed(Stop);
        Assert.Equal((1, 0), await Rows("a"));

        _time.Advance(RetentionLoop.Every);
        await _time.Armed(Stop);

        Assert.Null(loop.Failure);
        Assert.Equal((0, 0), await Rows("a"));
        Assert.Equal(1, Counted("object"));
        await loop.StopAsync(Stop);
    }

    private CatalogPurge Another(CatalogDatabase database) =>
        new(
            database,
            _blobs,
            _collector.Used,
            _collector.Watch,
            new RetentionInstruments(_services.GetRequiredService<IMeterFactory>()),
            Options.Create(new RetentionOptions())
        );

    /// <summary>A round so much later than now.</summary>
    private Task<PurgedRows> PurgeAfter(TimeSpan later) => Purge(_time.GetUtcNow() + later);

    private Task<PurgedRows> Purge(DateTimeOffset now) => _purge.Purge(now, Stop);

    private async Task Create(string uid, string? job = null, string? digest = null, AlongWrite? along = null) =>
        await new StoredRow<ObjectRow, DatasetInfo>(_database, TestCatalog.Layout.At(uid)).Create(
            format =>
                TestCatalog.Layout.NewRow(
                    uid,
                    TestCatalog.Tenant,
                    uid,
                    TestCatalog.Info(uid, uid) with
                    {
                        Job = job ?? "its-job",
                        Digest = digest,
                    },
                    TestCatalog.Created,
                    format
                ),
            along ?? AlongWrite.Nothing,
            Stop
        );

    private async Task Delete(string uid)
    {
        var stored = new StoredRow<ObjectRow, DatasetInfo>(_database, TestCatalog.Layout.At(uid));
        await stored.Load(Stop);
        await stored.Save(stored.Value! with { Phase = DatasetPhase.Deleted }, AlongWrite.Nothing, Stop);
    }

    private static string Subject(Job job) => "of-" + job.Id;

    private static IEnumerable<string> Ids(IEnumerable<Job> jobs) =>
        jobs.Select(job => job.Id).Order(StringComparer.Ordinal);

    /// <summary>An object for each job.</summary>
    private async Task AddSubjects(IReadOnlyList<Job> jobs)
    {
        foreach (var job in jobs)
        {
            await Create(Subject(job), job.Named ? job.Id : "later");
            await AddJob(job.Id, Subject(job), job.Phase);
            if (job.Versions > 0)
                await AddVersions(Subject(job), job.Versions, job.Id);
        }
    }

    private static AlongWrite With(string job) => TestCatalog.With(TestCatalog.Job(job, "other"));

    private static ObjectRow Tombstone(string uid) =>
        TestCatalog.Layout.NewRow(
            uid,
            TestCatalog.Tenant,
            uid,
            TestCatalog.Info(uid, uid) with
            {
                Phase = DatasetPhase.Deleted,
            },
            TestCatalog.Created,
            1
        );

    private Task AddJob(string id, string subject, JobPhase phase, string? archive = null) =>
        Write(rows => rows.Jobs.Add(Row(id, subject, phase, archive)));

    private Task AddJobs(int count, Func<int, string> subject, JobPhase phase) =>
        Write(rows =>
            rows.Jobs.AddRange(Enumerable.Range(0, count).Select(n => Row($"job-{n:000}", subject(n), phase, null)))
        );

    private JobRow Row(string id, string subject, JobPhase phase, string? archive)
    {
        var spec = TestCatalog.Job(id, subject) with
        {
            Import = new DatasetSource { Kind = DatasetSourceKind.Upload, Blob = archive },
        };
        var row = new NewJob(spec, TestCatalog.Created).Row(1);
        var info = CatalogJson.Read<JobInfo>(row.Info, 1);
        row.Phase = CatalogJson.Name(phase);
        row.Info = CatalogJson.Write(
            info with
            {
                Phase = phase,
                Finished = JobLifecycle.IsFinished(phase) ? _time.GetUtcNow() : null,
            }
        );
        return row;
    }

    private Task AddVersions(string task, int count, string job = "some", string digest = "none") =>
        Write(rows =>
            rows.Versions.AddRange(
                Enumerable
                    .Range(1, count)
                    .Select(number => new VersionRow
                    {
                        TaskUid = task,
                        Number = number,
                        Job = job,
                        Digest = digest,
                        Schema = 1,
                        Payload = "{}",
                    })
            )
        );

    private async Task<string> Put(byte content) =>
        (await _blobs.PutAsync(TestCatalog.Tenant, new[] { content }, Stop)).Digest;

    private Task Write(Action<CatalogContext> change) =>
        _database.Write(
            (rows, _) =>
            {
                change(rows);
                return Task.FromResult(true);
            },
            Stop
        );

    private Task<T> Read<T>(Func<CatalogContext, Task<T>> query) => _database.Read((rows, _) => query(rows), Stop);

    /// <returns>Of an object: its row and its versions.</returns>
    private async Task<(int, int)> Rows(string uid) =>
        (
            await Read(rows => rows.Objects.CountAsync(o => o.Uid == uid, Stop)),
            await Read(rows => rows.Versions.CountAsync(v => v.TaskUid == uid, Stop))
        );

    private long Counted(string kind)
    {
        var counted = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listens) =>
            {
                if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                    listens.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => counted += tags.Contains(new("kind", kind)) ? value : 0
        );
        listener.Start();
        listener.RecordObservableInstruments();
        return counted;
    }

    /// <param name="Named">By its subject; else the subject names a later job.</param>
    /// <param name="Versions">That it made.</param>
    private sealed record Job(string Id, JobPhase Phase, bool Named = false, int Versions = 0);
}
