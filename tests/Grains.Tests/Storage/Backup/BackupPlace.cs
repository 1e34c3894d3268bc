using ComodCluster.Grains.Datasets;
using ComodCluster.Grains.Jobs;
using ComodCluster.Grains.Loops;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Backup;
using ComodCluster.Grains.Storage.Blobs;
using ComodCluster.Grains.Storage.Catalog;
using ComodCluster.Grains.Storage.Catalog.Rows;
using ComodCluster.Grains.Tests.Storage.Catalog;
using ComodCluster.Grains.Tests.Storage.Disk;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.TestInfrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ComodCluster.Grains.Tests.Storage.Backup;

/// <summary>The storage of a silo as it is composed, in a folder of its own, on SQLite or a PostgreSQL
/// database.</summary>
internal sealed class BackupPlace : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;

    private readonly string? _database;
    private readonly string _shared;
    private readonly LocalS3? _server;

    /// <param name="database">Connection string; null: SQLite.</param>
    public BackupPlace(string? database = null)
        : this(database, null, null) { }

    /// <summary>With its blobs in a bucket.</summary>
    public BackupPlace(string database, LocalS3 server)
        : this(database, server.NewPrefix(), server) { }

    private BackupPlace(string? database, string? shared, LocalS3? server)
    {
        (_database, _shared, _server) = (database, shared ?? Path.Combine(_folder.Path, "shared"), server);
        _services = new ServiceCollection()
            .AddLogging()
            .AddLoops()
            .AddSingleton<IBlobFiles>(Files)
            .AddStorage(options =>
                (options.Directory, options.Database, options.Blobs, options.S3) = (
                    Data,
                    database,
                    database is null ? null : _shared,
                    server is null
                        ? new()
                        : new()
                        {
                            Endpoint = server.Endpoint,
                            AccessKey = LocalS3.AccessKey,
                            SecretKey = LocalS3.SecretKey,
                        }
                )
            )
            .AddDatasetReferences()
            .AddBackups()
            .BuildServiceProvider();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public FaultyFiles Files { get; } = new();

    public string Data => Path.Combine(_folder.Path, "data");

    public CatalogDatabase Catalog => _services.GetRequiredService<CatalogDatabase>();

    public BlobStore Blobs => _services.GetRequiredService<BlobStore>();

    public BackupSource Source => _services.GetRequiredService<BackupSource>();

    /// <summary>
    /// A data set, a task with a version, a job with archive and checkpoint, a link, and a deleted data set; the number
    /// of blobs that are named is <see cref="Named"/>.
    /// </summary>
    public async Task Fill()
    {
        await Catalog.Open(Stop);
        var (ofDataset, ofVersion, ofArchive, ofCheckpoint) = (await Put(1), await Put(2), await Put(3), await Put(4));
        var ofDeleted = await Put(5);
        await Catalog.Write(
            (rows, _) =>
            {
                rows.Add(Row("a", "dataset", "parts", "ready", ofDataset));
                rows.Add(Row("t", "task", "left", "ready", null));
                rows.Add(Row("d", "dataset", "gone", "deleted", ofDeleted));
                rows.Add(
                    new VersionRow
                    {
                        TaskUid = "t",
                        Number = 1,
                        Job = "j",
                        Digest = ofVersion,
                        Schema = 1,
                        Payload = "{}",
                    }
                );
                rows.Add(new LinkRow { FromUid = "t", ToUid = "a" });
                return Task.FromResult(true);
            },
            Stop
        );
        var job = new StoredRow<JobRow, JobState>(Catalog, new JobPlace(new(TestCatalog.Tenant, "j")));
        await job.Load(Stop);
        var spec = TestCatalog.Job("j") with
        {
            Import = new() { Kind = Api.Datasets.DatasetSourceKind.Upload, Blob = ofArchive },
        };
        await Catalog.Write(
            async (rows, stop) =>
            {
                await TestCatalog.With(spec).Row!.Add(rows, stop);
                return true;
            },
            Stop
        );
        await job.Load(Stop);
        await job.Save(job.Value! with { Checkpoint = ofCheckpoint }, AlongWrite.Nothing, Stop);
    }

    public const int Named = 4;

    public async Task<string> Put(byte content) =>
        (await Blobs.PutAsync(TestCatalog.Tenant, Enumerable.Repeat(content, 1000).ToArray(), Stop)).Digest;

    /// <summary>Another silo on the same database and blobs.</summary>
    public BackupPlace Another() => new(_database, _shared, _server);

    /// <summary>Backs up to the end.</summary>
    public async Task<BackupState> BackUp(string directory, bool verify = false)
    {
        await using var run = await Source.Begin(directory, verify, Stop);
        await run.Copy(Stop);
        return run.State;
    }

    /// <summary>Restores here, as the silo's program does.</summary>
    public async Task Restore(string directory, bool skipsLost = false, int? number = null)
    {
        var backup = BackupRestore.Find(directory, number);
        UnfinishedRestore.Begin(Data);
        await _services.GetRequiredService<BackupRestore>().Run(directory, backup, skipsLost, _ => { }, Stop);
        UnfinishedRestore.End(Data);
    }

    /// <summary>Every row, as text.</summary>
    public Task<string[]> Rows() =>
        Catalog.Read(
            async (rows, stop) =>
                new[]
                {
                    (await rows.Objects.ToListAsync(stop)).Select(CatalogJson.Write),
                    (await rows.Versions.ToListAsync(stop)).Select(CatalogJson.Write),
                    (await rows.Jobs.ToListAsync(stop)).Select(CatalogJson.Write),
                    (await rows.Links.ToListAsync(stop)).Select(CatalogJson.Write),
                }
                    .SelectMany(texts => texts)
                    .Order()
                    .ToArray(),
            Stop
        );

    public async Task<string[]> Digests() =>
        [.. (await Blobs.All(Stop).Select(blob => blob.Blob.Digest).ToListAsync(Stop)).Order()];

    /// <summary>What starts with a silo.</summary>
    public Task Start() => _services.GetServices<IHostedService>().OfType<StorageStartup>().Single().StartAsync(Stop);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private static ObjectRow Row(string uid, string kind, string name, string phase, string? blob) =>
        new()
        {
            Uid = uid,
            Kind = kind,
            Tenant = TestCatalog.Tenant.Value,
            Name = name,
            Phase = phase,
            Blob = blob,
            Etag = 7,
            Schema = 1,
            Created = TestCatalog.Created,
            Payload = """{"etag":"ü"}""",
        };
}
