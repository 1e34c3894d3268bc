using System.Collections.Concurrent;
using ComodCluster.Cli.Silos;
using ComodCluster.Client;

namespace ComodCluster.Infrastructure.Clusters;

/// <summary>Real silos on a real PostgreSQL, all on this machine. Disposing kills them and removes what they stored.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SiloProcess> _running = [];
    private readonly string _folder;

    private ChaosCluster(string folder) => _folder = folder;

    public LocalPostgres Database { get; private set; } = null!;

    /// <summary>Null where the cluster is not apart.</summary>
    public SiloNetwork? Network { get; private set; }

    /// <summary>Of the blobs; null where the cluster is not apart.</summary>
    public SmallDisk? BlobDisk { get; private set; }

    /// <summary>Of PostgreSQL; null where the cluster is not apart.</summary>
    public SmallDisk? DatabaseDisk { get; private set; }

    public IReadOnlyList<string> Workers { get; private init; } = [];

    public IReadOnlyList<string> Gateways { get; private init; } = [];

    /// <param name="apart">With a network and disks of its own, which can be cut and filled; needs root.</param>
    public static async Task<ChaosCluster> Start(int workers, int gateways, bool apart, CancellationToken cancellation)
    {
        var cluster = new ChaosCluster(Directory.CreateTempSubdirectory("comod-chaos-").FullName)
        {
            Workers = [.. Enumerable.Range(1, workers).Select(i => $"worker-{i}")],
            Gateways = [.. Enumerable.Range(1, gateways).Select(i => $"gateway-{i}")],
        };
        try
        {
            // PostgreSQL may run as another user.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(cluster._folder, (UnixFileMode)0b111_101_101);
            if (apart)
            {
                cluster.Network = await SiloNetwork.Start(cluster.Workers);
                cluster.BlobDisk = await SmallDisk.Mount(cluster.Blobs, megabytes: 256);
                cluster.DatabaseDisk = await SmallDisk.Mount(cluster.DatabaseFolder, megabytes: 512);
            }
            var folder = Path.Combine(cluster.DatabaseFolder, "server");
            cluster.Database = await (cluster.Network is { } network ? LocalPostgres.StartNew(folder, network.DatabaseAddress, network.Subnet) : LocalPostgres.StartNew(folder));
            // The first brings the schema; the others find it.
            foreach (var name in cluster.Workers.Take(1)) await cluster.Bring(name, cancellation);
            await Task.WhenAll(cluster.Workers.Skip(1).Concat(cluster.Gateways).Select(name => cluster.Bring(name, cancellation)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of gateways that are there.</summary>
    public IReadOnlyList<Uri> Addresses => [.. Gateways.Select(name => _running.GetValueOrDefault(name)).OfType<SiloProcess>().Where(s => !s.HasExited).Select(s => s.Url)];

    private string Blobs => Path.Combine(_folder, "blobs");

    private string DatabaseFolder => Path.Combine(_folder, "postgres");

    public bool IsRunning(string name) => _running.TryGetValue(name, out var silo) && !silo.HasExited;

    /// <summary>kill -9</summary>
    public Task Kill(string name) => _running.TryRemove(name, out var silo) ? silo.KillHard() : Task.CompletedTask;

    /// <summary>SIGTERM; returns at once.</summary>
    public void Ask(string name) => _running.GetValueOrDefault(name)?.Send(Termination.Terminate);

    /// <summary>SIGTERM; returns when the silo has drained and ended.</summary>
    public async Task Terminate(string name)
    {
        if (!_running.TryRemove(name, out var silo)) return;
        silo.Send(Termination.Terminate);
        await silo.Exited;
    }

    /// <summary>SIGSTOP: the process lives and does nothing.</summary>
    public void Hang(string name) => _running.GetValueOrDefault(name)?.Send(Termination.Stop);

    public void Wake(string name) => _running.GetValueOrDefault(name)?.Send(Termination.Continue);

    /// <summary>Starts a silo that is not there, on its old folder and other ports; tries again while the database is away.</summary>
    public async Task Bring(string name, CancellationToken cancellation)
    {
        if (IsRunning(name)) return;
        var settings = new SiloSettings
        {
            DataDirectory = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName,
            Device = "cpu",
            Threads = 1,
            NetworkNamespace = Workers.Contains(name) ? Network?.NamespaceOf(name) : null,
            More =
            [
                $"--Comod:Roles={(Workers.Contains(name) ? "worker" : "gateway")}", $"--Comod:Database={Database.ConnectionString("postgres")}",
                $"--Comod:Blobs={Blobs}", $"--Comod:Cluster:Name={name}", .. Address(name), "--Comod:Engine:CheckpointSeconds=1",
            ],
        };
        while (true)
        {
            try
            {
                _running[name] = await SiloProcess.Start(settings, cancellation);
                return;
            }
            catch (SiloException)
            {
                // The database is away, or the silo's predecessor still counts as alive.
                await Task.Delay(500, cancellation);
            }
        }
    }

    private string[] Address(string name) => Network is null ? [] : [$"--Comod:Cluster:Address={(Workers.Contains(name) ? Network.AddressOf(name) : Network.GatewayAddress)}"];

    /// <summary>Everything that is not there is started, and the gateways are ready.</summary>
    public async Task Heal(CancellationToken cancellation)
    {
        await Task.WhenAll(Workers.Concat(Gateways).Select(name => Bring(name, cancellation)));
        foreach (var address in Addresses)
        {
            using var client = ComodClient.Connect(address);
            while (!await client.IsReady(cancellation)) await Task.Delay(200, cancellation);
        }
    }

    /// <summary>Copies what the silos wrote to where it stays.</summary>
    /// <returns>The folder.</returns>
    public string KeepLogs()
    {
        var kept = Directory.CreateTempSubdirectory("comod-chaos-logs-").FullName;
        foreach (var name in Workers.Concat(Gateways))
            if (Path.Combine(_folder, name, SiloOutput.FileName) is var log && File.Exists(log)) File.Copy(log, Path.Combine(kept, $"{name}.log"));
        return kept;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _running.Values)
        {
            if (!silo.HasExited) await silo.KillHard();
            await silo.DisposeAsync();
        }
        if (Database is not null) await Database.DisposeAsync();
        if (BlobDisk is not null) await BlobDisk.DisposeAsync();
        if (DatabaseDisk is not null) await DatabaseDisk.DisposeAsync();
        if (Network is not null) await Network.DisposeAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // What is left lies in the system's temporary folder.
        }
    }
}
