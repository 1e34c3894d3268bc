using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using ComodCluster.Engine.Execution;
using ComodCluster.Grains.Storage;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Tasks;

namespace ComodCluster.Silo.Configuration;

/// <summary>Section <c>Comod</c> of the configuration: the process, its addresses and its roles.</summary>
public sealed record SiloOptions
{
    public const string Section = "Comod";

    // A body is up to four times in memory: as it came, as images, as a message and as the worker's copy.
    private const int BodyShare = 16;

    /// <summary>HTTP address; port 0 takes a free one. Loopback only: there are no keys yet.</summary>
    [Takes("http://127.0.0.1:PORT")]
    public string Url { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Replaces the port of <see cref="Url"/>; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int? Port { get; init; }

    /// <summary>
    /// <c>worker</c> (engine and tasks), <c>gateway</c> (HTTP API), or both; without a database both.
    /// </summary>
    [Takes("worker, gateway or worker,gateway")]
    public string Roles { get; init; } = "worker,gateway";

    /// <summary>
    /// Data directory: of the catalog and the blobs, unless they are elsewhere, and of caches; one process at a time.
    /// </summary>
    [Takes("a directory", Default = "`comod-data` in the user's folder for local application data")]
    public string Storage { get; init; } = DefaultStorage();

    /// <summary>
    /// PostgreSQL database, which makes the silos on it one cluster; none: this process is alone, on its data
    /// directory.
    /// </summary>
    [Takes("a connection string")]
    public string? Database { get; init; }

    /// <summary>
    /// Directory of files that are named like environment variables, such as <c>Comod__Database</c>, and hold a setting
    /// each: as Docker and Kubernetes mount secrets. They go before all else.
    /// </summary>
    [Takes("a directory")]
    public string? Secrets { get; init; }

    /// <summary>Where the blobs are, shared by all silos of a cluster; none: in the data directory.</summary>
    [Takes("a directory or s3://bucket/prefix")]
    public string? Blobs { get; init; }

    public S3Options S3 { get; init; } = new();

    /// <summary>
    /// The number that a refusal <c>catalog-behind</c> names: the silo starts in spite of it. It accepts that loss
    /// alone.
    /// </summary>
    [Range(0, long.MaxValue)]
    public long? AcceptLostWrites { get; init; }

    /// <summary>
    /// The word that the log event 1005 names: a worker lets go of the blobs that were held back. It releases these
    /// alone.
    /// </summary>
    [Takes("8 hexadecimal digits")]
    public string? ReleaseBlobs { get; init; }

    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Where tensors live; <c>auto</c>: a GPU if there is one.</summary>
    [Takes("auto, cpu, cuda or cuda:N")]
    public string Device { get; init; } = "auto";

    /// <summary>Threads of the device; 0: all cores that the process may use.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>Port for other silos; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int SiloPort { get; init; }

    /// <summary>Port for Orleans clients; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int GatewayPort { get; init; }

    /// <summary>Id of the process whose end stops the silo.</summary>
    [Range(1, int.MaxValue)]
    public int? ParentProcess { get; init; }

    /// <summary>Adaptations that run at once on this worker; further ones wait for it or for another worker.</summary>
    [Range(1, 100_000)]
    public int AdaptationsAtOnce { get; init; } = new AdaptationOptions().AtOnce;

    /// <summary>Backbones that a worker has loaded before it is ready.</summary>
    [Takes("names, separated by commas")]
    public string Preload { get; init; } = "";

    public EngineLimits Engine { get; init; } = new();

    public UploadLimits Uploads { get; init; } = new();

    public AdmissionLimits Admission { get; init; } = new();

    public RetentionSettings Retention { get; init; } = new();

    public bool IsWorker => HasRole("worker");

    public bool IsGateway => HasRole("gateway");

    /// <summary>Bytes of bodies that a gateway holds in memory at once.</summary>
    public long BodyBytes =>
        Admission.BodyBytes
        ?? Math.Max(Uploads.PredictBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BodyShare);

    internal IReadOnlyList<string> PreloadNames =>
        Preload.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Tells the storage what concerns it.</summary>
    public void ApplyTo(StorageOptions storage)
    {
        (storage.Directory, storage.Database, storage.Cluster) = (Storage, Database, Cluster.Id);
        (storage.Blobs, storage.S3) = (Blobs, S3);
        (storage.AcceptLostWrites, storage.ReleaseBlobs) = (AcceptLostWrites, ReleaseBlobs);
        storage.LeaveFree = Uploads.LeaveFreeBytes;
    }

    /// <summary>What the engine is told.</summary>
    public EngineOptions ToEngine() =>
        new()
        {
            Device = Device,
            Threads = Threads,
            Precision = Engine.Precision,
            BatchRows = Engine.BatchRows,
            PredictQueue = Engine.PredictQueue,
            PredictWindow = TimeSpan.FromMilliseconds(Engine.PredictWindowMilliseconds),
            TableBytes = Engine.TableBytes,
            ActivationCacheBytes = Engine.ActivationCacheBytes,
            ActivationFolder = Engine.ActivationDiskBytes > 0 ? Path.Combine(Storage, "prefixes") : null,
            ActivationDiskBytes = Engine.ActivationDiskBytes,
            CheckpointEvery = TimeSpan.FromSeconds(Engine.CheckpointSeconds),
            TenantWeights = Engine.TenantWeights.ToFrozenDictionary(),
        };

    private bool HasRole(string role) =>
        Roles.Split(',', StringSplitOptions.TrimEntries).Contains(role, StringComparer.OrdinalIgnoreCase);

    private static string DefaultStorage()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(local.Length > 0 ? local : Environment.CurrentDirectory, "comod-data");
    }
}
