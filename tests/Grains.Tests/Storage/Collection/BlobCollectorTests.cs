using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Storage.Collection;
using ComodCluster.Grains.Tests.Storage.Catalog;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ComodCluster.Grains.Tests.Storage.Collection;

public sealed class BlobCollectorTests : IDisposable
{
    private readonly TestCatalog _catalog = new();
    private readonly JumpingTime _time = new(TestCatalog.Created);
    private readonly BlobStore _blobs;
    private readonly ProcessBlobHold _hold = new();
    private readonly BlobCollector _collector;

    public BlobCollectorTests()
    {
        var files = new DiskFiles();
        _blobs = new BlobStore(
            _catalog.Directory,
            files,
            new DirectoryDepot(_catalog.Directory, files),
            new ProcessBlobLocks(),
            _time
        );
        _collector = new BlobCollector(
            _blobs,
            _catalog.Database,
            new UsedBlobs([new ArchiveReferences()]),
            _hold,
            Options.Create(new StorageOptions { Directory = _catalog.Directory.Root }),
            _time,
            NullLogger<BlobCollector>.Instance
        );
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
        _time.Advance(TimeSpan.FromHours(24));
        var young = await Put(6);

        Assert.Equal(1, await SweepTwice());

        Assert.Equal(new[] { ofDataset, ofVersion, ofUpload, ofCheckpoint, young }.Order(), await Left());
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
        _time.Advance(TimeSpan.FromHours(24));

        Assert.Equal(3, await SweepTwice());
        Assert.Empty(await Left());
    }

    [Fact]
    public async Task Drop_BlobOfAnotherRow_StaysAndOthersGoAtOnce()
    {
        var used = await Put(1);
        var dataset = await _catalog.Create("a", "one");
        await dataset.Save(dataset.Value! with { Digest = used }, AlongWrite.Nothing, Stop);
        var unused = await Put(2);

        await _collector.Drop(TestCatalog.Tenant, used, _time.GetUtcNow(), Stop);
        await _collector.Drop(TestCatalog.Tenant, unused, _time.GetUtcNow(), Stop);

        Assert.Equal([used], await Left());
    }

    [Fact]
    public async Task SweepAndDrop_WhileABackupHoldsTheBlobs_DeleteNothing()
    {
        var kept = await Put(1);
        _time.Advance(TimeSpan.FromHours(24));
        await using (await _hold.TryTake(Stop))
        {
            Assert.Equal(0, await SweepTwice());
            await _collector.Drop(TestCatalog.Tenant, kept, _time.GetUtcNow(), Stop);
            Assert.Equal([kept], await Left());
        }

        Assert.Equal(1, await _collector.Sweep(Stop));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task Sweep_ClockThatJumps_KeepsABlobUntilItsRowIsThere(int hours)
    {
        var fresh = await Put(1);
        _time.Jump(TimeSpan.FromHours(hours));
        Assert.Equal(0, await _collector.Sweep(Stop));
        _time.Advance(TimeSpan.FromMinutes(1)); // the row comes
        Assert.Equal(0, await _collector.Sweep(Stop));
        var dataset = await _catalog.Create("a", "one");
        await dataset.Save(dataset.Value! with { Digest = fresh }, AlongWrite.Nothing, Stop);

        Assert.Equal(0, await SweepTwice());
        Assert.Equal([fresh], await Left());
    }

    [Fact]
    public async Task Sweep_BlobStoredAgainBetweenSweeps_IsWatchedAnew()
    {
        await Put(1);
        _time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(0, await _collector.Sweep(Stop));
        _time.Advance(BlobCollector.Watched);
        var again = await Put(1);
        _time.Jump(TimeSpan.FromHours(30));

        Assert.Equal(0, await _collector.Sweep(Stop));
        Assert.Equal([again], await Left());
    }

    /// <summary>The first finds what is unused, the second deletes it.</summary>
    private async Task<int> SweepTwice()
    {
        Assert.Equal(0, await _collector.Sweep(Stop));
        _time.Advance(BlobCollector.Watched);
        return await _collector.Sweep(Stop);
    }

    private async Task<string> Put(byte content) =>
        (await _blobs.PutAsync(TestCatalog.Tenant, new[] { content }, Stop)).Digest;

    private async Task<IEnumerable<string>> Left() =>
        (await _blobs.All(Stop).Select(stored => stored.Blob.Digest).ToListAsync(Stop)).Order();

    private Task<bool> AppendVersion(string task, string digest) =>
        _catalog.Database.Write(
            (rows, _) =>
            {
                rows.Versions.Add(
                    new VersionRow
                    {
                        TaskUid = task,
                        Number = 1,
                        Job = "job",
                        Digest = digest,
                        Schema = 1,
                        Payload = "{}",
                    }
                );
                return Task.FromResult(true);
            },
            Stop
        );
}
