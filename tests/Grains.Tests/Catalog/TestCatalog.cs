using ComodCluster.Contracts;
using ComodCluster.Contracts.Datasets;
using ComodCluster.Contracts.Jobs;
using ComodCluster.Grains.Catalog;
using ComodCluster.Grains.Hosting;
using ComodCluster.TestInfrastructure;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ComodCluster.Grains.Tests.Catalog;

/// <summary>A catalog in a folder of its own.</summary>
internal sealed class TestCatalog : IDisposable
{
    public const string Tenant = Names.DefaultTenant;
    public static readonly DateTimeOffset Created = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    internal static readonly ObjectLayout<DatasetInfo> Layout = new(ObjectKind.Dataset, info => CatalogJson.Name(info.Phase), info => info.Digest);

    private readonly TempFolder _folder = new();

    public TestCatalog(params IInterceptor[] interceptors)
    {
        Directory = new DataDirectory(_folder.Path);
        Database = new CatalogDatabase(Directory, interceptors);
        Reader = new CatalogReader(Database);
    }

    public DataDirectory Directory { get; }
    public CatalogDatabase Database { get; }
    public CatalogReader Reader { get; }

    public static DatasetInfo Info(string uid, string name) => new()
    {
        Uid = uid, Name = name, Phase = DatasetPhase.Importing, Source = new DatasetSource { Kind = DatasetSourceKind.Upload }, Job = "job-of-" + name, Created = Created,
    };

    public static JobSpec Job(string id, string subjectUid = "u") => new()
    {
        Id = id, Tenant = Tenant, Kind = JobKind.Import, SubjectUid = subjectUid, Subject = "subject", Import = new DatasetSource { Kind = DatasetSourceKind.Upload },
    };

    internal StoredObject<DatasetInfo> Dataset(string uid) => new(Database, Layout, uid, TimeProvider.System);

    internal async Task<StoredObject<DatasetInfo>> Create(string uid, string name, AlongWrite? along = null)
    {
        var stored = Dataset(uid);
        await stored.Create(Tenant, name, Info(uid, name), Created, along ?? new AlongWrite(), TestContext.Current.CancellationToken);
        return stored;
    }

    public void Dispose()
    {
        Database.Dispose();
        Directory.Dispose();
        _folder.Dispose();
    }
}
