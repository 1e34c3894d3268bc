using ComodCluster.Api;
using ComodCluster.Api.Datasets;
using ComodCluster.Api.Jobs;
using ComodCluster.Contracts;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Postgres;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Storage.Catalog.Sqlite;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.TestInfrastructure;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Tests.Storage.Catalog;

/// <summary>A catalog with a folder of its own: SQLite there, or PostgreSQL.</summary>
internal sealed class TestCatalog : IDisposable
{
    public static readonly TenantName Tenant = TenantName.Default;
    public static readonly DateTimeOffset Created = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    internal static readonly ObjectLayout<DatasetInfo> Layout = StoredDatasets.Layout;

    private readonly TempFolder _folder = new();
    private readonly Func<ICatalogProvider> _provider;

    public TestCatalog(params IInterceptor[] interceptors)
    {
        Directory = new DataDirectory(_folder.Path);
        _provider = () => new SqliteCatalog(Directory, interceptors);
        Faults = interceptors.OfType<CatalogFaults>().SingleOrDefault();
        (Database, Reader) = Open();
    }

    public TestCatalog(string postgres, params IInterceptor[] interceptors)
    {
        Directory = new DataDirectory(_folder.Path);
        _provider = () => new PostgresCatalog(postgres, interceptors);
        IsShared = true;
        Faults = interceptors.OfType<CatalogFaults>().SingleOrDefault();
        (Database, Reader) = Open();
    }

    public DataDirectory Directory { get; }
    public CatalogDatabase Database { get; }
    public CatalogReader Reader { get; }

    /// <summary>Several programs may use the database at once.</summary>
    public bool IsShared { get; }

    /// <summary>Null where the database does what it is asked.</summary>
    public CatalogFaults? Faults { get; }

    /// <summary>The same database as another program sees it.</summary>
    /// <param name="formats">That the other program knows; null: those of this build.</param>
    /// <param name="time">That the other program has; null: that of the system.</param>
    public CatalogDatabase Another(FormatRange? formats = null, TimeProvider? time = null) =>
        new(_provider(), formats, time: time);

    /// <summary>What a caller does who is told to try again: on a database without faults nobody is.</summary>
    public async Task<T> Persist<T>(Func<Task<T>> work)
    {
        for (var left = Faults is null ? 0 : 100; ; left--)
        {
            try
            {
                return await work();
            }
            catch (ComodException e) when (e.Code == ErrorCodes.StorageUnavailable && left > 0)
            {
                // Again.
            }
        }
    }

    /// <inheritdoc cref="Persist{T}"/>
    public Task Persist(Func<Task> work) =>
        Persist(async () =>
        {
            await work();
            return true;
        });

    /// <summary>Saves, and looks before it repeats whether the earlier attempt counted after all.</summary>
    public Task Save<T>(StoredRow<ObjectRow, T> stored, T next, Func<T, bool> isThere, AlongWrite? along = null)
        where T : class
    {
        var again = false;
        return Persist(async () =>
        {
            await stored.Load(TestContext.Current.CancellationToken);
            if (again && isThere(stored.Value!))
                return;
            again = true;
            await stored.Save(next, along ?? AlongWrite.Nothing, TestContext.Current.CancellationToken);
        });
    }

    public static DatasetInfo Info(string uid, string name) =>
        new()
        {
            Uid = uid,
            Name = name,
            Phase = DatasetPhase.Importing,
            Source = new DatasetSource { Kind = DatasetSourceKind.Upload },
            Job = "job-of-" + name,
            Created = Created,
        };

    public static JobSpec Job(string id, string subjectUid = "u") =>
        new()
        {
            Id = id,
            Tenant = Tenant.Value,
            Kind = JobKind.Import,
            SubjectUid = subjectUid,
            Subject = "subject",
            Import = new DatasetSource { Kind = DatasetSourceKind.Upload },
        };

    /// <summary>A job that begins with a write.</summary>
    internal static AlongWrite With(JobSpec job, DateTimeOffset? created = null) =>
        new() { Row = new NewJob(job, created ?? Created) };

    internal StoredRow<ObjectRow, DatasetInfo> Dataset(string uid) => new(Database, Layout.At(uid));

    internal StoredRow<JobRow, JobState> JobOf(string id) => new(Database, new JobPlace(new JobKey(Tenant, id)));

    internal async Task<StoredRow<ObjectRow, DatasetInfo>> Create(string uid, string name, AlongWrite? along = null)
    {
        var stored = Dataset(uid);
        await Persist(async () =>
        {
            // As the grains do: a repeated request finds what the first one wrote.
            await stored.Load(TestContext.Current.CancellationToken);
            if (stored.Value is null)
                await stored.Create(
                    format => Layout.NewRow(uid, Tenant, name, Info(uid, name), Created, format),
                    along ?? AlongWrite.Nothing,
                    TestContext.Current.CancellationToken
                );
        });
        return stored;
    }

    public void Dispose()
    {
        Database.Dispose();
        Directory.Dispose();
        _folder.Dispose();
    }

    private (CatalogDatabase, CatalogReader) Open()
    {
        var database = Another();
        return (database, new CatalogReader(database));
    }
}
