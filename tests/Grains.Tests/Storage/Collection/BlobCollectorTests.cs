using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Tests.Storage.Catalog;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Storage.Collection;

public sealed class BlobCollectorTests : IDisposable
{
    private readonly TestCatalog _catalog = new();
    private readonly BlobStore _blobs;
    private readonly TestCollector _collector;

    public BlobCollectorTests()
    {
        var files = new DiskFiles();
        var depot = new DirectoryDepot(_catalog.Directory, files);
        _blobs = new BlobStore(_catalog.Directory, files, depot, new ProcessBlobLocks());
        _collector = new TestCollector(_catalog.Database, _blobs, depot);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _catalog.Dispose();

    [Fact]
    public async Task Sweep_AfterTheGrace_DeletesWhatNoRowNames()
    {
        var ofDataset = await Put(1);
        var dataset = await _catalog.Create("a", "one");
        await dataset.Save(
            dataset.Value! with
            {
                Phase = DatasetPhase.Ready,
                Digest = ofDataset,
            },
            AlongWrite.Nothing,
            Stop
        );
        var ofVersion = await Put(2);
        await AppendVersion("a", ofVersion);
        var ofUpload = await Put(3);
        await _catalog.Create(
            "b",
            "two",
            TestCatalog.With(
                TestCatalog.Job("job") with
                {
                    Import = new DatasetSource { Kind = DatasetSourceKind.Upload, Blob = ofUpload },
                }
            )
        );
        var ofCheckpoint = await Put(4);
        var job = _catalog.JobOf("job");
        await job.Load(Stop);
        await job.Save(job.Value! with { Checkpoint = ofCheckpoint }, AlongWrite.Nothing, Stop);
        await Put(5);

        Assert.Equal(1, await _collector.SweepTwice());

        Assert.Equal(new[] { ofDataset, ofVersion, ofUpload, ofCheckpoint }.Order(), await Left());
    }

    [Fact]
    public async Task Sweep_DeletedObjectAndFinishedJob_NameNothing()
    {
        var dataset = await _catalog.Create("a", "one");
        await dataset.Save(
            dataset.Value! with
            {
                Phase = DatasetPhase.Deleted,
                Digest = await Put(1),
            },
            AlongWrite.Nothing,
            Stop
        );
        await AppendVersion("a", await Put(2));
        await _catalog.Create(
            "b",
            "two",
            TestCatalog.With(
                TestCatalog.Job("job") with
                {
                    Import = new DatasetSource { Kind = DatasetSourceKind.Upload, Blob = await Put(3) },
                }
            )
        );
        var job = _catalog.JobOf("job");
        await job.Load(Stop);
        await job.Save(
            job.Value! with
            {
                Info = job.Value.Info with { Phase = JobPhase.Failed },
            },
            AlongWrite.Nothing,
            Stop
        );

        Assert.Equal(3, await _collector.SweepTwice());
        Assert.Empty(await Left());
    }

    [Fact]
    public async Task Drop_BlobOfAnotherRow_StaysAndOthersGoAtOnce()
    {
        var used = await Store(1);
        await Name(used.Digest);
        var unused = await Store(2);

        await _collector.Collector.Drop(TestCatalog.Tenant, used.Digest, used.Kept, Stop);
        await _collector.Collector.Drop(TestCatalog.Tenant, unused.Digest, unused.Kept, Stop);

        Assert.Equal([used.Digest], await Left());
    }

    [Fact]
    public async Task Drop_NotKnownWhoStoredIt_LeavesWhatIsYoung()
    {
        var young = await Put(1);

        await _collector.Collector.Drop(TestCatalog.Tenant, young, null, Stop);
        Assert.Equal([young], await Left());

        await _collector.Sweep(TimeSpan.FromMinutes(2));
        await _collector.Collector.Drop(TestCatalog.Tenant, young, null, Stop);
        Assert.Empty(await Left());
    }

    [Fact]
    public async Task SweepAndDrop_WhileABackupHoldsTheBlobs_DeleteNothing()
    {
        await Name(await Put(1));
        var unused = await Store(2);
        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(1)));
        await using (await _collector.Hold.TryTake(Stop))
        {
            Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(50)));
            await _collector.Collector.Drop(TestCatalog.Tenant, unused.Digest, unused.Kept, Stop);
            Assert.Equal(2, (await Left()).Count());
        }

        Assert.Equal(1, await _collector.Sweep(TimeSpan.FromHours(50)));
    }

    [Fact]
    public async Task SweepAndDrop_CatalogLostWrites_DeleteNothing()
    {
        await Name(await Put(1));
        var unused = await Store(2);
        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(1)));
        await _catalog.Database.Read(
            (rows, stop) => rows.Database.ExecuteSqlRawAsync("UPDATE comod_writes SET count = 0", stop),
            Stop
        );

        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(50)));
        await _collector.Collector.Drop(TestCatalog.Tenant, unused.Digest, unused.Kept, Stop);

        Assert.Equal(2, (await Left()).Count());
    }

    [Theory]
    [InlineData(10, 10)] // a few
    [InlineData(120, 12)] // a tenth
    public async Task Sweep_FewStrays_AreDeleted(int named, int strays)
    {
        await NameMany(named);
        await PutMany(strays);

        Assert.Equal(strays, await _collector.SweepTwice());
    }

    [Theory]
    [InlineData(0, 1)] // a catalog that names nothing
    [InlineData(10, 11)]
    [InlineData(120, 15)]
    public async Task Sweep_ManyStrays_AreHeldBackUntilTheirWordIsGiven(int named, int strays)
    {
        await NameMany(named);
        var held = await PutMany(strays);
        Assert.Equal(0, await _collector.SweepTwice());
        Assert.Equal(named + strays, (await Left()).Count());
        var word = StrayBlobs.WordOf(held.Select(d => new ListedBlob(new(TestCatalog.Tenant, d), 2, default)));

        _collector.Release = new string('0', 8);
        Assert.Equal(0, await _collector.SweepTwice());
        _collector.Release = word;
        Assert.Equal(strays, await _collector.SweepTwice());
    }

    [Fact]
    public async Task Sweep_StraysComeLittleByLittle_AreHeldBackWithThoseCondemnedBefore()
    {
        await NameMany(10);
        await PutMany(9);
        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(1)));
        await PutMany(2, from: 500);

        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(50)));
        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(50)));
        Assert.Equal(21, (await Left()).Count());
    }

    [Fact]
    public async Task Sweep_ReleasedStrays_AreStillGoneForAWorkerThatWasNotTold()
    {
        var held = await PutMany(3);
        _collector.Release = StrayBlobs.WordOf(
            held.Select(d => new ListedBlob(new(TestCatalog.Tenant, d), 2, default))
        );
        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(1)));
        _collector.Release = null;

        Assert.Equal(0, await _collector.Sweep(TimeSpan.FromHours(2)));
        Assert.Equal(3, await _collector.Sweep(TimeSpan.FromHours(25)));
    }

    [Fact]
    public async Task Sweep_BlobsOfDeletedObjects_AreNoStrays()
    {
        var digests = await PutMany(30);
        for (var i = 0; i < digests.Count; i++)
        {
            var dataset = await _catalog.Create($"d{i}", $"d{i}");
            await dataset.Save(
                dataset.Value! with
                {
                    Phase = DatasetPhase.Deleted,
                    Digest = digests[i],
                },
                AlongWrite.Nothing,
                Stop
            );
        }

        Assert.Equal(30, await _collector.SweepTwice());
    }

    /// <summary>A row that names it.</summary>
    private async Task Name(string digest, string uid = "named")
    {
        var dataset = await _catalog.Create(uid, uid);
        await dataset.Save(dataset.Value! with { Digest = digest }, AlongWrite.Nothing, Stop);
    }

    /// <summary>As many versions of a task, each with a blob.</summary>
    private async Task NameMany(int count)
    {
        if (count == 0)
            return;
        var digests = await PutMany(count, from: 1000);
        await _catalog.Create("task", "task");
        await AppendVersions("task", digests);
    }

    private async Task<IReadOnlyList<string>> PutMany(int count, int from = 0)
    {
        var digests = new List<string>();
        for (var i = from; i < from + count; i++)
            digests.Add((await Store((byte)i, (byte)(i >> 8), 7)).Digest);
        return digests;
    }

    private Task<StoredBlob> Store(params byte[] content) => _blobs.PutAsync(TestCatalog.Tenant, content, Stop);

    private async Task<string> Put(byte content) => (await Store(content)).Digest;

    private async Task<IEnumerable<string>> Left() =>
        (await _blobs.All(Stop).Select(stored => stored.Blob.Digest).ToListAsync(Stop)).Order();

    private Task<bool> AppendVersion(string task, string digest) => AppendVersions(task, [digest]);

    private Task<bool> AppendVersions(string task, IReadOnlyList<string> digests) =>
        _catalog.Database.Write(
            (rows, _) =>
            {
                rows.Versions.AddRange(
                    digests.Select(
                        (digest, i) =>
                            new VersionRow
                            {
                                TaskUid = task,
                                Number = i + 1,
                                Job = "job",
                                Digest = digest,
                                Schema = 1,
                                Payload = "{}",
                            }
                    )
                );
                return Task.FromResult(true);
            },
            Stop
        );
}
