using ComodCluster.Contracts;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Engine;
using ComodCluster.Grains.Catalog;
using ComodCluster.Grains.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Catalog;

/// <summary>What a catalog does on every database.</summary>
public abstract class CatalogCompliance : IAsyncLifetime
{
    private TestCatalog _catalog = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected TestCatalog Catalog => _catalog;

    /// <summary>An empty database, and another view of the same for later programs.</summary>
    private protected abstract Task<TestCatalog> NewCatalog();

    public async ValueTask InitializeAsync() => _catalog = await NewCatalog();

    public ValueTask DisposeAsync()
    {
        _catalog.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Open_ManyAtOnce_BringTheSchemaOnce()
    {
        CatalogDatabase[] others = [.. Enumerable.Range(0, _catalog.IsShared ? 4 : 0).Select(_ => _catalog.Another())];

        await Task.WhenAll([_catalog.Database.Open(Stop), .. others.Select(o => o.Open(Stop))]);

        Assert.Equal(0, await _catalog.Database.Read((rows, stop) => rows.Objects.CountAsync(stop), Stop));
        foreach (var other in others) other.Dispose();
    }

    [Fact]
    public async Task Migrations_Model_HasNoPendingChanges() =>
        Assert.False(await _catalog.Database.Read((rows, _) => Task.FromResult(rows.Database.HasPendingModelChanges()), Stop));

    [Fact]
    public async Task Open_SchemaOfALaterProgram_IsRefusedAndLeftAlone()
    {
        await _catalog.Database.Open(Stop);
        await _catalog.Database.Write((rows, stop) => rows.Database.ExecuteSqlRawAsync(
            "INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('29990101000000_Future', '99.0.0')", stop), Stop);
        using var later = _catalog.Another();

        var refusal = await Assert.ThrowsAsync<InputException>(() => later.Open(Stop));

        Assert.Equal("catalog-newer", refusal.Code);
        Assert.Contains("29990101000000_Future", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_OneNameByEightWriters_OneWins()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = $"name-{round}";
            var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            {
                try
                {
                    await _catalog.Create($"uid-{round}-{i}", name);
                    return null;
                }
                catch (ComodException e)
                {
                    return e.Code;
                }
            }));

            Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.NameTaken, 7)], attempts.Order());
            Assert.Equal(1, await _catalog.Database.Read((rows, stop) => rows.Objects.CountAsync(o => o.Name == name, stop), Stop));
        }
    }

    [Fact]
    public async Task Create_OneJobIdByEightObjects_LosersHearOfTheJobAndTheirNamesAreFree()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Refusal(_catalog.Create($"uid-{i}", $"name-{i}", new AlongWrite { Job = TestCatalog.Job("one", $"uid-{i}") }))));

        Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.JobConflict, 7)], attempts.Order());
        Assert.Equal(1, await _catalog.Database.Read((rows, stop) => rows.Objects.CountAsync(stop), Stop));
    }

    [Fact]
    public async Task Save_OneJobIdByEightObjects_LosersHearOfTheJobAndStayAsTheyWere()
    {
        var objects = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _catalog.Create($"uid-{i}", $"name-{i}")));
        var attempts = await Task.WhenAll(objects.Select(o => Refusal(o.Save(o.Value! with { Reason = "saved" }, new AlongWrite { Job = TestCatalog.Job("one", o.Uid) }, Stop))));

        Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.JobConflict, 7)], attempts.Order());
        Assert.Single(objects, o => o.Value!.Reason == "saved");
    }

    [Fact]
    public async Task Create_OneNameAndJobByEightWriters_LosersHearOfTheName()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Refusal(_catalog.Create($"uid-{i}", "name", new AlongWrite { Job = TestCatalog.Job("one", $"uid-{i}") }))));

        Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.NameTaken, 7)], attempts.Order());
    }

    [Fact]
    public async Task UniqueIndex_SecondRowOfAName_IsRefusedByTheDatabaseItself()
    {
        await _catalog.Create("a", "name");

        await Assert.ThrowsAsync<CatalogConflictException>(() => _catalog.Database.Write((rows, _) =>
        {
            rows.Objects.Add(new ObjectRow { Uid = "b", Kind = "dataset", Tenant = TestCatalog.Tenant, Name = "name", Phase = "ready", Schema = 1, Created = TestCatalog.Created, Payload = "{}" });
            return Task.FromResult(true);
        }, Stop));
    }

    [Fact]
    public async Task Create_NameOfADeletedObject_IsFree()
    {
        var first = await _catalog.Create("a", "name");
        await first.Save(first.Value! with { Phase = DatasetPhase.Deleted }, new AlongWrite(), Stop);

        await _catalog.Create("b", "name");

        Assert.Equal("b", await _catalog.Reader.FindUid(ObjectKind.Dataset, TestCatalog.Tenant, "name", Stop));
        Assert.Equal(2, await _catalog.Database.Read((rows, stop) => rows.Objects.CountAsync(stop), Stop));
    }

    [Fact]
    public async Task Save_RowWrittenByAnother_IsRefusedAndReadAgain()
    {
        var one = await _catalog.Create("a", "name");
        var other = _catalog.Dataset("a");
        await other.Load(Stop);
        await one.Save(one.Value! with { Reason = "first" }, new AlongWrite(), Stop);

        var refusal = await Assert.ThrowsAsync<ComodException>(() => other.Save(other.Value! with { Reason = "second" }, new AlongWrite(), Stop));

        Assert.Equal(ErrorCodes.StorageUnavailable, refusal.Code);
        Assert.Equal("first", other.Value!.Reason);
        await other.Save(other.Value with { Reason = "second" }, new AlongWrite(), Stop);
    }

    [Fact]
    public async Task Save_WhatComesAlongFails_ChangesNothing()
    {
        var stored = await _catalog.Create("a", "name");
        var along = new AlongWrite { Job = TestCatalog.Job("job"), Change = (_, _) => throw new ComodException(ErrorCodes.InUse, 409, "in use") };

        await Assert.ThrowsAsync<ComodException>(() => stored.Save(stored.Value! with { Reason = "changed" }, along, Stop));

        Assert.Null(stored.Value!.Reason);
        var again = _catalog.Dataset("a");
        await again.Load(Stop);
        Assert.Null(again.Value!.Reason);
        Assert.Equal(0, await _catalog.Database.Read((rows, stop) => rows.Jobs.CountAsync(stop), Stop));
    }

    [Fact]
    public async Task Create_JobIdOfAnother_CreatesNothing()
    {
        await _catalog.Create("a", "one", new AlongWrite { Job = TestCatalog.Job("job") });

        var refusal = await Assert.ThrowsAsync<ComodException>(() => _catalog.Create("b", "two", new AlongWrite { Job = TestCatalog.Job("job") }));

        Assert.Equal(ErrorCodes.JobConflict, refusal.Code);
        Assert.Null(await _catalog.Reader.FindUid(ObjectKind.Dataset, TestCatalog.Tenant, "two", Stop));
    }

    [Fact]
    public async Task Create_NeededObjectDeletedMeanwhile_IsRefused()
    {
        var needed = await _catalog.Create("a", "one");
        await needed.Save(needed.Value! with { Phase = DatasetPhase.Deleted }, new AlongWrite(), Stop);

        var refusal = await Assert.ThrowsAsync<ComodException>(() => _catalog.Create("b", "two", new AlongWrite { Needs = ["a"] }));

        Assert.Equal(ErrorCodes.NotFound, refusal.Code);
    }

    [Fact]
    public async Task Create_NeededObjectDeletedAtTheSameTime_OneOfBothIsRefused()
    {
        for (var round = 0; round < 10; round++)
        {
            var (name, uid) = ($"needed-{round}", $"uid-{round}");
            var needed = await _catalog.Create(uid, name);
            var deletion = needed.Save(needed.Value! with { Phase = DatasetPhase.Deleted }, new AlongWrite
            {
                Change = (catalog, stop) => ObjectNeeds.ThrowIfNeeded(catalog, uid, "data set", name, stop),
            }, Stop);
            var creation = _catalog.Create($"task-{round}", $"task-{round}", new AlongWrite { Needs = [uid] });

            var refused = new[] { await Refusal(deletion), await Refusal(creation) };

            Assert.Single(refused, code => code is null);
            Assert.Contains(refused, code => code is ErrorCodes.InUse or ErrorCodes.NotFound);
        }
    }

    [Fact]
    public async Task Save_ByEightAtOnce_EachCountsOrIsRefused()
    {
        await _catalog.Create("a", "name");
        var writers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var stored = _catalog.Dataset("a");
            await stored.Load(Stop);
            return stored;
        }));

        var refused = await Task.WhenAll(writers.Select((w, i) => Refusal(w.Save(w.Value! with { Reason = $"{i}" }, new AlongWrite(), Stop))));

        Assert.Single(refused, code => code is null);
        Assert.Equal(2, await _catalog.Database.Read((rows, stop) => rows.Objects.Where(o => o.Uid == "a").Select(o => o.Etag).SingleAsync(stop), Stop));
    }

    [Fact]
    public async Task Versions_ANumberTwice_IsRefused()
    {
        await Append(1);

        await Assert.ThrowsAsync<CatalogConflictException>(() => Append(1));
        await Append(2);
    }

    [Fact]
    public async Task ListDatasets_Pages_HaveEveryNameOnceInOrder()
    {
        string[] names = ["b", "a-b", "d", "a1", "ab"];
        foreach (var name in names) await _catalog.Create("uid-" + name, name);
        var deleted = await _catalog.Create("uid-x", "bb");
        await deleted.Save(deleted.Value! with { Phase = DatasetPhase.Deleted }, new AlongWrite(), Stop);

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await _catalog.Reader.ListDatasets(TestCatalog.Tenant, null, after, 2, Stop);
            Assert.InRange(page.Items.Count, 1, 2);
            seen.AddRange(page.Items.Select(d => d.Name));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(["a-b", "a1", "ab", "b", "d"], seen);
    }

    [Fact]
    public async Task ListDatasets_PhaseOrTenant_Filters()
    {
        var ready = await _catalog.Create("a", "one");
        await ready.Save(ready.Value! with { Phase = DatasetPhase.Ready }, new AlongWrite(), Stop);
        await _catalog.Create("b", "two");

        Assert.Equal(["one"], (await _catalog.Reader.ListDatasets(TestCatalog.Tenant, DatasetPhase.Ready, null, 10, Stop)).Items.Select(d => d.Name));
        Assert.Empty((await _catalog.Reader.ListDatasets("other", null, null, 10, Stop)).Items);
    }

    [Fact]
    public async Task ListJobs_Phase_Filters()
    {
        foreach (var id in new[] { "j1", "j2" }) await _catalog.Create("uid-" + id, id, new AlongWrite { Job = TestCatalog.Job(id) });
        var job = new StoredJob(_catalog.Database, new JobKey(TestCatalog.Tenant, "j2"), TimeProvider.System);
        await job.Load(Stop);
        await job.Save(job.Value! with { Info = job.Value.Info with { Phase = JobPhase.Running } }, Stop);

        Assert.Equal(["j2"], (await _catalog.Reader.ListJobs(TestCatalog.Tenant, JobPhase.Running, null, 10, Stop)).Items.Select(j => j.Id));
        Assert.Equal(["j1", "j2"], (await _catalog.Reader.ListJobs(TestCatalog.Tenant, null, null, 10, Stop)).Items.Select(j => j.Id));
    }

    private static async Task<string?> Refusal(Task work)
    {
        try
        {
            await work;
            return null;
        }
        catch (ComodException e)
        {
            return e.Code;
        }
    }

    private Task<bool> Append(int number) => _catalog.Database.Write((rows, _) =>
    {
        rows.Versions.Add(new VersionRow { TaskUid = "t", Number = number, Job = "job", Digest = "d", Schema = 1, Payload = "{}" });
        return Task.FromResult(true);
    }, Stop);
}
