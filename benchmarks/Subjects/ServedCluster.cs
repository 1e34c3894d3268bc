using System.Diagnostics;
using ComodCluster.Api.Tasks;
using ComodCluster.Cli.Silos;
using ComodCluster.Client;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.Lab.Clusters;

namespace ComodCluster.Benchmarks.Subjects;

/// <summary>Real silo processes with one backbone, one data set and tasks on them.</summary>
internal sealed class ServedCluster : LocalCluster
{
    public const string Data = "pictures",
        Backbone = "network";

    private readonly List<int> _processes = [];

    private ServedCluster()
        : base(Directory.CreateTempSubdirectory("comod-benchmark-").FullName) { }

    /// <summary>Without retries: a refusal is a result.</summary>
    public ComodClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>Ids of the silos' processes, the worker first.</summary>
    public IReadOnlyList<int> Processes => _processes;

    /// <summary>One silo with both roles on SQLite.</summary>
    public static Task<ServedCluster> Embedded() => Start(cluster => cluster.Silo("both", "worker,gateway"));

    /// <summary>A worker and a gateway on a PostgreSQL of their own.</summary>
    public static Task<ServedCluster> Distributed() =>
        Start(async cluster =>
        {
            if (!LocalPostgres.IsInstalled)
                throw new BenchmarkException("PostgreSQL is not installed: install Debian's package postgresql.");
            cluster.Server = await LocalPostgres.StartNew(Directory.CreateTempSubdirectory("comod-postgres-").FullName);
            await cluster.Silo("worker", "worker");
            return await cluster.Silo("gateway", "gateway");
        });

    /// <summary>Uploads a network and pictures of it.</summary>
    public async Task Load(Network network, int images, int side)
    {
        await Client.Backbones.Register(Backbone, () => new MemoryStream(network.Weights));
        var archive = FolderOf("pictures.zip");
        Pictures.WriteZip(archive, images, side);
        var job = await Client.Jobs.WaitFor((await Client.Datasets.Upload(Data, () => File.OpenRead(archive))).Id);
        if (job.Error is { } error)
            throw new BenchmarkException(error.Message);
    }

    public static TaskSpec Task(string name) =>
        new()
        {
            Name = name,
            Backbone = Backbone,
            Dataset = Data,
        };

    /// <summary>Seconds of processor time that the silos have taken, the worker's first.</summary>
    public double[] ProcessorSeconds() => [.. _processes.Select(id => Of(id, p => p.TotalProcessorTime.TotalSeconds))];

    /// <summary>Bytes of the silos' resident sets, the worker's first.</summary>
    public double[] ResidentBytes() => [.. _processes.Select(id => Of(id, p => (double)p.WorkingSet64))];

    protected override Task Dismantle()
    {
        Client?.Dispose();
        return base.Dismantle();
    }

    private static async Task<ServedCluster> Start(Func<ServedCluster, Task<SiloProcess>> start)
    {
        var cluster = new ServedCluster();
        try
        {
            cluster.Address = (await start(cluster)).Url;
            cluster.Client = ComodClient.Connect(cluster.Address, new() { Retries = 0 });
            while (!await cluster.Client.IsReady())
                await System.Threading.Tasks.Task.Delay(100);
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
        var silo = await Start(name, roles, threads: null, under: [], more: [], CancellationToken.None);
        _processes.Add(silo.Id);
        return silo;
    }

    private static double Of(int process, Func<Process, double> value)
    {
        using var running = Process.GetProcessById(process);
        return value(running);
    }
}
