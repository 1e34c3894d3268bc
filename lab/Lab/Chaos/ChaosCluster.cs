using ComodCluster.Cli.Silos;
using ComodCluster.Client;
using ComodCluster.Infrastructure.Linux;
using ComodCluster.Infrastructure.Servers;
using ComodCluster.Lab.Clusters;

namespace ComodCluster.Lab.Chaos;

/// <summary>Workers and gateways on a PostgreSQL of their own, with what it takes to break and to heal them.</summary>
internal sealed class ChaosCluster : LocalCluster
{
    private readonly Dictionary<string, TimeSpan> _clocks = [];

    private ChaosCluster(string folder)
        : base(folder) { }

    /// <summary>Null where the cluster is not apart.</summary>
    public SiloNetwork? Network { get; private set; }

    /// <summary>Disk of the blobs; null where the cluster is not apart.</summary>
    public SmallDisk? BlobDisk { get; private set; }

    /// <summary>Disk of PostgreSQL; null where the cluster is not apart.</summary>
    public SmallDisk? DatabaseDisk { get; private set; }

    public IReadOnlyList<string> Workers { get; private init; } = [];

    public IReadOnlyList<string> Gateways { get; private init; } = [];

    /// <summary>Arguments of all silos.</summary>
    private IReadOnlyList<string> Settings { get; init; } = [];

    /// <param name="apart">With a network and disks of its own, which can be cut and filled; needs root.</param>
    /// <param name="settings">Arguments of all silos; null: a checkpoint every second.</param>
    public static async Task<ChaosCluster> Start(
        int workers,
        int gateways,
        bool apart,
        CancellationToken cancellation,
        IReadOnlyList<string>? settings = null
    )
    {
        var cluster = new ChaosCluster(Directory.CreateTempSubdirectory("comod-chaos-").FullName)
        {
            Workers = [.. Enumerable.Range(1, workers).Select(i => $"worker-{i}")],
            Gateways = [.. Enumerable.Range(1, gateways).Select(i => $"gateway-{i}")],
            Settings = settings ?? ["--Comod:Engine:CheckpointSeconds=1"],
        };
        try
        {
            // PostgreSQL may run as another user.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(cluster.Folder, (UnixFileMode)0b111_101_101);
            if (apart)
            {
                cluster.Network = await SiloNetwork.Start(cluster.Workers);
                cluster.BlobDisk = await SmallDisk.Mount(cluster.Blobs, megabytes: 256);
                cluster.DatabaseDisk = await SmallDisk.Mount(cluster.DatabaseFolder, megabytes: 512);
            }
            var server = Path.Combine(cluster.DatabaseFolder, "server");
            cluster.Server = await (
                cluster.Network is { } network
                    ? LocalPostgres.StartNew(server, network.DatabaseAddress, network.Subnet)
                    : LocalPostgres.StartNew(server)
            );
            // The first brings the schema; the others find it.
            foreach (var name in cluster.Workers.Take(1))
                await cluster.Bring(name, cancellation);
            await Task.WhenAll(
                cluster.Workers.Skip(1).Concat(cluster.Gateways).Select(name => cluster.Bring(name, cancellation))
            );
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Addresses of the gateways that are there.</summary>
    public IReadOnlyList<Uri> Addresses => [.. Gateways.Select(Find).OfType<SiloProcess>().Select(silo => silo.Url)];

    /// <summary>A place beside the silos' folders.</summary>
    public string PathOf(string name) => FolderOf(name);

    private string DatabaseFolder => Path.Combine(Folder, "postgres");

    /// <summary>Starts a silo that is not there; tries again while the database is away.</summary>
    public async Task Bring(string name, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await TryBring(name, cancellation);
                return;
            }
            catch (SiloException)
            {
                // The database is away, or the silo's predecessor still counts as alive.
                await Task.Delay(500, cancellation);
            }
        }
    }

    /// <summary>Starts a silo that is not there.</summary>
    /// <exception cref="SiloException">It refuses to start.</exception>
    public async Task TryBring(string name, CancellationToken cancellation)
    {
        if (Find(name) is not null)
            return;
        var role = Workers.Contains(name) ? "worker" : "gateway";
        var network = role == "worker" ? Network?.As(name) : null;
        await Start(
            name,
            role,
            threads: 1,
            [.. network ?? [], .. ShiftedClock.Ahead(_clocks.GetValueOrDefault(name))],
            [.. Address(name), .. Settings],
            cancellation
        );
    }

    /// <summary>Starts silos again with clocks that are ahead by so much.</summary>
    public Task Shift(TimeSpan by, params IEnumerable<string> names) =>
        Task.WhenAll(
            names.Select(name =>
            {
                _clocks[name] = by;
                return Restart(name);
            })
        );

    private async Task Restart(string name)
    {
        await Kill(name);
        await Bring(name, CancellationToken.None);
    }

    /// <summary>Everything that is not there is started, and the gateways are ready.</summary>
    public async Task Heal(CancellationToken cancellation)
    {
        await Task.WhenAll(Workers.Concat(Gateways).Select(name => Bring(name, cancellation)));
        foreach (var address in Addresses)
        {
            using var client = ComodClient.Connect(address);
            while (!await client.IsReady(cancellation))
                await Task.Delay(200, cancellation);
        }
    }

    /// <summary>Copies what the silos wrote to where it stays.</summary>
    /// <returns>The folder.</returns>
    public string KeepLogs()
    {
        var kept = Directory.CreateTempSubdirectory("comod-chaos-logs-").FullName;
        foreach (var name in Workers.Concat(Gateways))
            if (Path.Combine(FolderOf(name), SiloOutput.FileName) is var log && File.Exists(log))
                File.Copy(log, Path.Combine(kept, $"{name}.log"));
        return kept;
    }

    protected override async Task Dismantle()
    {
        if (BlobDisk is not null)
            await BlobDisk.DisposeAsync();
        if (DatabaseDisk is not null)
            await DatabaseDisk.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
    }

    private string[] Address(string name) =>
        Network is null
            ? []
            :
            [
                $"--Comod:Cluster:Address={(Workers.Contains(name) ? Network.AddressOf(name) : Network.GatewayAddress)}",
                "--Comod:Cluster:Unencrypted=true",
            ];
}
