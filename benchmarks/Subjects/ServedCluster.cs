using System.Diagnostics;
using ComodCluster.Infrastructure.Clusters;
using ComodCluster.Client;
using ComodCluster.Cli.Silos;
using ComodCluster.Api.Tasks;
using ComodCluster.Engine.Data;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>Real silo processes with one backbone, one data set and tasks on them. Disposing ends them and removes what they stored.</summary>
internal sealed class ServedCluster : IAsyncDisposable
{
    public const string Data = "pictures", Backbone = "network";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("comod-benchmark-");
    private readonly List<SiloProcess> _silos = [];
    private LocalPostgres? _database;

    private ServedCluster() { }

    /// <summary>Without retries: a refusal is a result.</summary>
    public ComodClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>Null where it is embedded.</summary>
    public string? Database { get; private set; }

    /// <summary>Of the silos, the worker first.</summary>
    public IReadOnlyList<int> Processes => [.. _silos.Select(s => s.Id)];

    /// <summary>One silo with both roles on SQLite.</summary>
    public static Task<ServedCluster> Embedded() => Start(async cluster => await cluster.Silo("both", "worker,gateway"));

    /// <summary>A worker and a gateway on a PostgreSQL of their own.</summary>
    public static Task<ServedCluster> Distributed() => Start(async cluster =>
    {
        if (!LocalPostgres.IsInstalled) throw new BenchmarkException("PostgreSQL is not installed: install Debian's package postgresql.");
        cluster._database = await LocalPostgres.StartNew(Directory.CreateTempSubdirectory("comod-postgres-").FullName);
        cluster.Database = cluster._database.ConnectionString("postgres");
        await cluster.Silo("worker", "worker");
        return await cluster.Silo("gateway", "gateway");
    });

    /// <summary>Uploads a network and pictures of it.</summary>
    public async Task Load(Network network, int images, int side)
    {
        await Client.Backbones.Register(Backbone, () => new MemoryStream(network.Weights));
        var archive = Path.Combine(_folder.FullName, "pictures.zip");
        Pictures.WriteZip(archive, images, side);
        var job = await Client.Jobs.WaitFor((await Client.Datasets.Upload(Data, () => File.OpenRead(archive))).Id);
        if (job.Error is { } error) throw new BenchmarkException(error.Message);
    }

    public static TaskSpec Task(string name) => new() { Name = name, Backbone = Backbone, Dataset = Data };

    /// <summary>Seconds of processor time that the silos have taken, the worker's first.</summary>
    public double[] ProcessorSeconds() => [.. _silos.Select(s => Of(s.Id, p => p.TotalProcessorTime.TotalSeconds))];

    /// <summary>Bytes of the silos' resident sets, the worker's first.</summary>
    public double[] ResidentBytes() => [.. _silos.Select(s => Of(s.Id, p => (double)p.WorkingSet64))];

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var silo in _silos) await silo.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<ServedCluster> Start(Func<ServedCluster, Task<SiloProcess>> start)
    {
        var cluster = new ServedCluster();
        try
        {
            cluster.Address = (await start(cluster)).Url;
            cluster.Client = ComodClient.Connect(cluster.Address, new() { Retries = 0 });
            while (!await cluster.Client.IsReady()) await System.Threading.Tasks.Task.Delay(100);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task<SiloProcess> Silo(string name, string roles)
    {
        var silo = await SiloProcess.Start(new SiloSettings
        {
            DataDirectory = Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName,
            Device = "cpu",
            More = Database is null
                ? [$"--Comod:Roles={roles}"]
                : [$"--Comod:Roles={roles}", $"--Comod:Database={Database}", $"--Comod:Blobs={Path.Combine(_folder.FullName, "blobs")}", $"--Comod:Cluster:Name={name}"],
        }, CancellationToken.None);
        _silos.Add(silo);
        return silo;
    }

    private static double Of(int process, Func<Process, double> value)
    {
        using var running = Process.GetProcessById(process);
        return value(running);
    }
}
