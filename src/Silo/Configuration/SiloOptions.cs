using System.Collections.Frozen;
using ComodCluster.Engine.Execution;
using ComodCluster.Grains.Storage.Blobs.S3;
using ComodCluster.Grains.Workers;

namespace ComodCluster.Silo.Hosting;

/// <summary>Section <c>Comod</c> of the configuration.</summary>
public sealed record SiloOptions
{
    public const string Section = "Comod";

    /// <summary>HTTP address; port 0 takes a free one. Loopback only: there are no keys yet.</summary>
    public string Url { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Replaces the port of <see cref="Url"/>.</summary>
    public int? Port { get; init; }

    /// <summary><c>worker</c> (engine and tasks), <c>gateway</c> (HTTP API), or both, separated by a comma.</summary>
    public string Roles { get; init; } = "worker,gateway";

    /// <summary>Data directory: of the catalog and the blobs, unless they are elsewhere, and of caches; one process at a time.</summary>
    public string Storage { get; init; } = DefaultStorage();

    /// <summary>Connection string of a PostgreSQL database, which makes the silos on it one cluster; null: this process is alone, on its data directory.</summary>
    public string? Database { get; init; }

    /// <summary>Directory or <c>s3://bucket/prefix</c> of the blobs, shared by all silos of a cluster.</summary>
    public string? Blobs { get; init; }

    public S3Options S3 { get; init; } = new();

    public ClusterSettings Cluster { get; init; } = new();

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads of the device; 0: all cores.</summary>
    public int Threads { get; init; }

    /// <summary>Port for other silos; 0 takes a free one.</summary>
    public int SiloPort { get; init; }

    /// <summary>Port for Orleans clients; 0 takes a free one.</summary>
    public int GatewayPort { get; init; }

    /// <summary>Process whose end stops the silo.</summary>
    public int? ParentProcess { get; init; }

    /// <summary>Adaptations that run at once on this worker; further ones wait for it or for another worker.</summary>
    public int AdaptationsAtOnce { get; init; } = new WorkerOptions().AdaptationsAtOnce;

    /// <summary>Names of backbones, separated by commas, that a worker has loaded before it is ready.</summary>
    public string Preload { get; init; } = "";

    public EngineLimits Engine { get; init; } = new();

    public UploadLimits Uploads { get; init; } = new();

    public AdmissionLimits Admission { get; init; } = new();

    public bool IsWorker => HasRole("worker");

    public bool IsGateway => HasRole("gateway");

    internal IReadOnlyList<string> PreloadNames => Preload.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the engine is told.</summary>
    public EngineOptions ToEngine() => new()
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

    private bool HasRole(string role) => Roles.Split(',', StringSplitOptions.TrimEntries).Contains(role, StringComparer.OrdinalIgnoreCase);

    private static string DefaultStorage()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(local.Length > 0 ? local : Environment.CurrentDirectory, "comod-data");
    }
}

/// <summary>Section <c>Comod:Cluster</c>: for silos that share a database.</summary>
public sealed record ClusterSettings
{
    /// <summary>A database belongs to one cluster.</summary>
    public string Id { get; init; } = "comod";

    /// <summary>Of this silo, unique in the cluster; null: host name and silo port.</summary>
    public string? Name { get; init; }

    /// <summary>Address under which the other silos reach this one.</summary>
    public string Address { get; init; } = "127.0.0.1";
}

/// <summary>Section <c>Comod:Engine</c>: see <see cref="EngineOptions"/>.</summary>
public sealed record EngineLimits
{
    private static readonly EngineOptions Defaults = new();

    public string Precision { get; init; } = Defaults.Precision;

    public int BatchRows { get; init; } = Defaults.BatchRows;

    public int PredictQueue { get; init; } = Defaults.PredictQueue;

    public double PredictWindowMilliseconds { get; init; } = Defaults.PredictWindow.TotalMilliseconds;

    public long TableBytes { get; init; } = Defaults.TableBytes;

    public long ActivationCacheBytes { get; init; } = Defaults.ActivationCacheBytes;

    /// <summary>Disk space for prefix activations, below the storage folder; 0: none.</summary>
    public long ActivationDiskBytes { get; init; } = Defaults.ActivationDiskBytes;

    public double CheckpointSeconds { get; init; } = Defaults.CheckpointEvery.TotalSeconds;

    /// <summary>Shares of the device by tenant; those that are not named have 1.</summary>
    public Dictionary<string, double> TenantWeights { get; init; } = [];
}

/// <summary>Section <c>Comod:Uploads</c>.</summary>
public sealed record UploadLimits
{
    /// <summary>Largest archive of a data set.</summary>
    public long ArchiveBytes { get; init; } = 4L << 30;

    /// <summary>Largest weights file.</summary>
    public long WeightsBytes { get; init; } = 1L << 30;

    /// <summary>Largest body of one prediction.</summary>
    public long PredictBytes { get; init; } = 128_000_000;
}

/// <summary>Section <c>Comod:Admission</c>: what a gateway lets in at once; the rest is refused with 429 before its body is read.</summary>
public sealed record AdmissionLimits
{
    /// <summary>Predictions in flight.</summary>
    public int Predictions { get; init; } = 512;

    /// <summary>Predictions of one task in flight.</summary>
    public int PredictionsPerTask { get; init; } = 256;

    /// <summary>Uploads in flight.</summary>
    public int Uploads { get; init; } = 16;

    /// <summary>Jobs that wait on all workers together; further ones are refused.</summary>
    public int WaitingJobs { get; init; } = 10_000;
}
