using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Engine;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using Microsoft.EntityFrameworkCore;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

/// <summary>What a catalog does on every database.</summary>
public abstract class CatalogCompliance : IAsyncLifetime
{
    private TestCatalog _catalog = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected TestCatalog Catalog => _catalog;

    /// <summary>An empty database, and another view of the same for later programs.</summary>
    private protected abstract Task<TestCatalog> NewCatalog();

    public async ValueTask InitializeAsync() => _catalog = await NewCatalog();

    public virtual ValueTask DisposeAsync()
    {
        _catalog.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Open_ManyAtOnce_BringTheSchemaOnce()
    {
        CatalogDatabase[] others = [.. Enumerable.Range(0, _catalog.IsShared ? 4 : 0).Select(_ => _catalog.Another())];

        await Task.WhenAll(others.Append(_catalog.Database).Select(o => _catalog.Persist(() => o.Open(Stop))));

        Assert.Equal(0, await Read(rows => rows.Objects.CountAsync(Stop)));
        foreach (var other in others)
            other.Dispose();
    }

    [Fact]
    public async Task Migrations_Model_HasNoPendingChanges() =>
        Assert.False(await Read(rows => Task.FromResult(rows.Database.HasPendingModelChanges())));

    [Fact]
    public async Task Open_SchemaOfALaterProgram_IsRefusedAndLeftAlone()
    {
        await Write(rows =>
            rows.Database.ExecuteSqlRawAsync(
                "INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES "
                    + "('29990101000000_Future', '99.0.0') ON CONFLICT DO NOTHING",
                Stop
            )
        );
        using var later = _catalog.Another();

        var refusal = await Assert.ThrowsAsync<InputException>(() => _catalog.Persist(() => later.Open(Stop)));

        Assert.Equal("catalog-newer", refusal.Code);
        Assert.Contains("29990101000000_Future", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FormatOfALaterBuild_IsRefusedAndThatBuildWritesIt()
    {
        await _catalog.Create("a", "earlier");
        await Write(rows =>
        {
            if (!rows.Objects.Any(o => o.Uid == StoredCluster.Uid))
                rows.Objects.Add(
                    new ObjectRow
                    {
                        Uid = StoredCluster.Uid,
                        Kind = "cluster",
                        Tenant = "",
                        Name = "cluster",
                        Phase = "ready",
                        Schema = 2,
                        Created = TestCatalog.Created,
                        Payload = """{"format":2}""",
                    }
                );
            return Task.FromResult(true);
        });
        using var same = _catalog.Another();
        using var later = _catalog.Another(new FormatRange(1, 2));

        var refusal = await Assert.ThrowsAsync<InputException>(() => _catalog.Persist(() => same.Open(Stop)));
        var followed = await Assert.ThrowsAsync<InputException>(() =>
            _catalog.Persist(() => _catalog.Database.ReadFormat(Stop))
        );
        await _catalog.Persist(() => later.Open(Stop));
        var stored = new StoredRow<ObjectRow, DatasetInfo>(later, TestCatalog.Layout.At("a"));
        await _catalog.Persist(() => stored.Load(Stop));
        await _catalog.Save(stored, stored.Value! with { Reason = "later" }, now => now.Reason == "later");

        Assert.Equal(("format-unreadable", "format-unreadable", 2), (refusal.Code, followed.Code, later.Format));
        Assert.Contains("format 2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(
            2,
            await Read(rows => rows.Objects.Where(o => o.Uid == "a").Select(o => o.Schema).SingleAsync(Stop))
        );
        var unread = await Assert.ThrowsAsync<ComodException>(() =>
            _catalog.Persist(() => _catalog.Reader.ListDatasets(TestCatalog.Tenant, null, null, 10, Stop))
        );
        Assert.Equal(ErrorCodes.RecordUnreadable, unread.Code);
    }

    [Fact]
    public async Task Open_FormatThatTheBuildNoLongerWrites_IsRefused()
    {
        await _catalog.Persist(() => _catalog.Database.Open(Stop));
        using var tooNew = _catalog.Another(new FormatRange(2, 3));

        var refusal = await Assert.ThrowsAsync<InputException>(() => _catalog.Persist(() => tooNew.Open(Stop)));

        Assert.Equal("format-unreadable", refusal.Code);
        Assert.Contains("comod upgrade", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_OneNameByEightWriters_OneWins()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = $"name-{round}";
            var attempts = await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(async i =>
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
                    })
            );

            Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.NameTaken, 7)], attempts.Order());
            Assert.Equal(1, await Read(rows => rows.Objects.CountAsync(o => o.Name == name, Stop)));
        }
    }

    [Fact]
    public async Task Create_OneJobIdByEightObjects_LosersHearOfTheJobAndTheirNamesAreFree()
    {
        var attempts = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Refusal(
                        _catalog.Create($"uid-{i}", $"name-{i}", TestCatalog.With(TestCatalog.Job("one", $"uid-{i}")))
                    )
                )
        );

        Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.JobConflict, 7)], attempts.Order());
        Assert.Equal(1, await _catalog.Database.Read((rows, stop) => rows.Objects.CountAsync(stop), Stop));
    }

    [Fact]
    public async Task Save_OneJobIdByEightObjects_LosersHearOfTheJobAndStayAsTheyWere()
    {
        var objects = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _catalog.Create($"uid-{i}", $"name-{i}")));
        var attempts = await Task.WhenAll(
            objects.Select(o =>
                Refusal(
                    _catalog.Save(
                        o,
                        o.Value! with
                        {
                            Reason = "saved",
                        },
                        now => now.Reason == "saved",
                        TestCatalog.With(TestCatalog.Job("one", o.Value!.Uid))
                    )
                )
            )
        );

        Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.JobConflict, 7)], attempts.Order());
        Assert.Single(objects, o => o.Value!.Reason == "saved");
    }

    [Fact]
    public async Task Create_OneNameAndJobByEightWriters_LosersHearOfTheName()
    {
        var attempts = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Refusal(_catalog.Create($"uid-{i}", "name", TestCatalog.With(TestCatalog.Job("one", $"uid-{i}"))))
                )
        );

        Assert.Equal([null, .. Enumerable.Repeat(ErrorCodes.NameTaken, 7)], attempts.Order());
    }

    [Fact]
    public async Task UniqueIndex_SecondRowOfAName_IsRefusedByTheDatabaseItself()
    {
        await _catalog.Create("a", "name");

        await Assert.ThrowsAsync<CatalogConflictException>(() =>
            Write(rows =>
            {
                rows.Objects.Add(
                    new ObjectRow
                    {
                        Uid = "b",
                        Kind = "dataset",
                        Tenant = TestCatalog.Tenant.Value,
                        Name = "name",
                        Phase = "ready",
                        Schema = 1,
                        Created = TestCatalog.Created,
                        Payload = "{}",
                    }
                );
                return Task.FromResult(true);
            })
        );
    }

    [Fact]
    public async Task Create_NameOfADeletedObject_IsFree()
    {
        var first = await _catalog.Create("a", "name");
        await _catalog.Save(
            first,
            first.Value! with
            {
                Phase = DatasetPhase.Deleted,
            },
            now => now.Phase == DatasetPhase.Deleted
        );

        await _catalog.Create("b", "name");

        Assert.Equal(
            "b",
            await _catalog.Persist(() => _catalog.Reader.FindUid(ObjectKind.Dataset, TestCatalog.Tenant, "name", Stop))
        );
        Assert.Equal(2, await Read(rows => rows.Objects.CountAsync(Stop)));
    }

    [Fact]
    public async Task Save_RowWrittenByAnother_IsRefusedAndReadAgain()
    {
        var one = await _catalog.Create("a", "name");
        var other = _catalog.Dataset("a");
        await _catalog.Persist(() => other.Load(Stop));
        await _catalog.Save(one, one.Value! with { Reason = "first" }, now => now.Reason == "first");

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            other.Save(other.Value! with { Reason = "second" }, AlongWrite.Nothing, Stop)
        );

        Assert.Equal(ErrorCodes.StorageUnavailable, refusal.Code);
        await _catalog.Persist(() => other.Load(Stop));
        Assert.Equal("first", other.Value!.Reason);
        await _catalog.Save(other, other.Value with { Reason = "second" }, now => now.Reason == "second");
    }

    [Fact]
    public async Task Save_WhatComesAlongFails_ChangesNothing()
    {
        var stored = await _catalog.Create("a", "name");
        var along = TestCatalog.With(TestCatalog.Job("job")) with
        {
            Change = (_, _) => throw new ComodException(ErrorCodes.InUse, 409, "in use"),
        };

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            _catalog.Save(stored, stored.Value! with { Reason = "changed" }, now => now.Reason == "changed", along)
        );

        Assert.Equal(ErrorCodes.InUse, refusal.Code);
        await _catalog.Persist(() => stored.Load(Stop));
        Assert.Null(stored.Value!.Reason);
        var again = _catalog.Dataset("a");
        await _catalog.Persist(() => again.Load(Stop));
        Assert.Null(again.Value!.Reason);
        Assert.Equal(0, await Read(rows => rows.Jobs.CountAsync(Stop)));
    }

    [Fact]
    public async Task Create_JobIdOfAnother_CreatesNothing()
    {
        await _catalog.Create("a", "one", TestCatalog.With(TestCatalog.Job("job")));

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            _catalog.Create("b", "two", TestCatalog.With(TestCatalog.Job("job")))
        );

        Assert.Equal(ErrorCodes.JobConflict, refusal.Code);
        Assert.Null(
            await _catalog.Persist(() => _catalog.Reader.FindUid(ObjectKind.Dataset, TestCatalog.Tenant, "two", Stop))
        );
    }

    [Fact]
    public async Task Create_NeededObjectDeletedMeanwhile_IsRefused()
    {
        var needed = await _catalog.Create("a", "one");
        await _catalog.Save(
            needed,
            needed.Value! with
            {
                Phase = DatasetPhase.Deleted,
            },
            now => now.Phase == DatasetPhase.Deleted
        );

        var refusal = await Assert.ThrowsAsync<ComodException>(() =>
            _catalog.Create("b", "two", new AlongWrite { Change = (rows, stop) => rows.Link("b", ["a"], stop) })
        );

        Assert.Equal(ErrorCodes.NotFound, refusal.Code);
    }

    [Fact]
    public async Task Create_NeededObjectDeletedAtTheSameTime_OneOfBothIsRefused()
    {
        for (var round = 0; round < 10; round++)
        {
            var (name, uid) = ($"needed-{round}", $"uid-{round}");
            var needed = await _catalog.Create(uid, name);
            var deletion = _catalog.Save(
                needed,
                needed.Value! with
                {
                    Phase = DatasetPhase.Deleted,
                },
                now => now.Phase == DatasetPhase.Deleted,
                new AlongWrite
                {
                    Change = (catalog, stop) => ObjectNeeds.ThrowIfNeeded(catalog, uid, "data set", name, stop),
                }
            );
            var creation = _catalog.Create(
                $"task-{round}",
                $"task-{round}",
                new AlongWrite { Change = (rows, stop) => rows.Link($"task-{round}", [uid], stop) }
            );

            var refused = new[] { await Refusal(deletion), await Refusal(creation) };

            Assert.Single(refused, code => code is null);
            Assert.Contains(refused, code => code is ErrorCodes.InUse or ErrorCodes.NotFound);
        }
    }

    [Fact]
    public async Task Save_ByEightAtOnce_EachCountsOrIsRefused()
    {
        await _catalog.Create("a", "name");
        var writers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async _ =>
                {
                    var stored = _catalog.Dataset("a");
                    await _catalog.Persist(() => stored.Load(Stop));
                    return stored;
                })
        );

        var refused = await Task.WhenAll(writers.Select((w, i) => Refusal(SaveUnlessOvertaken(w, $"{i}"))));

        Assert.Single(refused, code => code is null);
        Assert.Equal(
            2,
            await Read(rows => rows.Objects.Where(o => o.Uid == "a").Select(o => o.Etag).SingleAsync(Stop))
        );
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
        foreach (var name in names)
            await _catalog.Create("uid-" + name, name);
        var deleted = await _catalog.Create("uid-x", "bb");
        await _catalog.Save(
            deleted,
            deleted.Value! with
            {
                Phase = DatasetPhase.Deleted,
            },
            now => now.Phase == DatasetPhase.Deleted
        );

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await _catalog.Persist(() =>
                _catalog.Reader.ListDatasets(TestCatalog.Tenant, null, after, 2, Stop)
            );
            Assert.InRange(page.Items.Count, 1, 2);
            seen.AddRange(page.Items.Select(d => d.Name));
            after = page.Next;
        } while (after is not null);

        Assert.Equal(["a-b", "a1", "ab", "b", "d"], seen);
    }

    [Fact]
    public async Task ListDatasets_PhaseOrTenant_Filters()
    {
        var ready = await _catalog.Create("a", "one");
        await _catalog.Save(
            ready,
            ready.Value! with
            {
                Phase = DatasetPhase.Ready,
            },
            now => now.Phase == DatasetPhase.Ready
        );
        await _catalog.Create("b", "two");

        Assert.Equal(
            ["one"],
            (
                await _catalog.Persist(() =>
                    _catalog.Reader.ListDatasets(TestCatalog.Tenant, DatasetPhase.Ready, null, 10, Stop)
                )
            ).Items.Select(d => d.Name)
        );
        Assert.Empty(
            (await _catalog.Persist(() => _catalog.Reader.ListDatasets(new("other"), null, null, 10, Stop))).Items
        );
    }

    [Fact]
    public async Task ListJobs_Phase_Filters()
    {
        foreach (var id in new[] { "j1", "j2" })
            await _catalog.Create("uid-" + id, id, TestCatalog.With(TestCatalog.Job(id)));
        var job = _catalog.JobOf("j2");
        await _catalog.Persist(async () =>
        {
            await job.Load(Stop);
            await job.Save(
                job.Value! with
                {
                    Info = job.Value.Info with { Phase = JobPhase.Running },
                },
                AlongWrite.Nothing,
                Stop
            );
        });

        Assert.Equal(
            ["j2"],
            (
                await _catalog.Persist(() =>
                    _catalog.Reader.ListJobs(TestCatalog.Tenant, JobPhase.Running, null, 10, Stop)
                )
            ).Items.Select(j => j.Id)
        );
        Assert.Equal(
            ["j1", "j2"],
            (
                await _catalog.Persist(() => _catalog.Reader.ListJobs(TestCatalog.Tenant, null, null, 10, Stop))
            ).Items.Select(j => j.Id)
        );
    }

    [Fact]
    public async Task ListJobs_PageByPage_IsInOrderOfTimeAndMissesNoneThatIsAdded()
    {
        // Text must sort as time: fractions of a second have as many digits as they need.
        (string Id, double Milliseconds)[] jobs =
        [
            ("d", 0),
            ("c", 0.5),
            ("b2", 0.55),
            ("b1", 0.55),
            ("z", 1),
            ("a", 60_000),
        ];
        foreach (var (id, milliseconds) in jobs.Reverse())
            await Add(id, milliseconds);
        var listed = new List<string>();
        string? next = null;
        do
        {
            var page = await Page(next, 2);
            listed.AddRange(page.Items.Select(job => job.Id));
            if (next is null)
                await Add("0-added", 120_000);
            next = page.Next;
        } while (next is not null);
        Assert.Equal(["d", "c", "b1", "b2", "z", "a", "0-added"], listed);

        // What an earlier build gave as the next page.
        var earlier = await Page("b1", 3);
        Assert.Equal(["b2", "c", "d"], earlier.Items.Select(job => job.Id));
        Assert.Equal("d", earlier.Next);
        Assert.Equal(["z"], (await Page("d", 3)).Items.Select(job => job.Id));

        foreach (var wrong in (string[])["~", "~!!", "~YQ"])
            Assert.Equal("request-invalid", await Refusal(Page(wrong, 1)));

        Task Add(string id, double milliseconds) =>
            _catalog.Create(
                "uid-" + id,
                "name-" + id,
                TestCatalog.With(TestCatalog.Job(id), TestCatalog.Created.AddMilliseconds(milliseconds))
            );
        Task<Page<JobInfo>> Page(string? after, int limit) =>
            _catalog.Persist(() => _catalog.Reader.ListJobs(TestCatalog.Tenant, null, after, limit, Stop));
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

    private protected Task<T> Read<T>(Func<CatalogContext, Task<T>> query) =>
        _catalog.Persist(() => _catalog.Database.Read((rows, _) => query(rows), Stop));

    private protected Task<T> Write<T>(Func<CatalogContext, Task<T>> change) =>
        _catalog.Persist(() => _catalog.Database.Write((rows, _) => change(rows), Stop));

    /// <summary>Repeats what it is told to repeat until its own reason or another's is there.</summary>
    private async Task SaveUnlessOvertaken(StoredRow<ObjectRow, DatasetInfo> stored, string reason)
    {
        while (true)
        {
            try
            {
                await stored.Save(stored.Value! with { Reason = reason }, AlongWrite.Nothing, Stop);
                return;
            }
            catch (ComodException e) when (e.Code == ErrorCodes.StorageUnavailable)
            {
                await _catalog.Persist(() => stored.Load(Stop));
                if (stored.Value!.Reason == reason)
                    return;
                if (stored.Value.Reason is not null)
                    throw;
            }
        }
    }

    private Task Append(int number)
    {
        var job = $"job-{Guid.NewGuid()}";
        return Write(async rows =>
        {
            // As the tasks' grains: who repeats looks first.
            if (await rows.Versions.AnyAsync(v => v.TaskUid == "t" && v.Number == number && v.Job == job, Stop))
                return true;
            rows.Versions.Add(
                new VersionRow
                {
                    TaskUid = "t",
                    Number = number,
                    Job = job,
                    Digest = "d",
                    Schema = 1,
                    Payload = "{}",
                }
            );
            return true;
        });
    }
}
