using System.Collections.Concurrent;
using ComodCluster.Cli.Silos;
using ComodCluster.Infrastructure.Servers;

namespace ComodCluster.Lab.Clusters;

/// <summary>
/// Real silos on this machine, each with a name and a folder of its own. Disposing kills them and removes what they
/// stored.
/// </summary>
/// <param name="folder">Folder of all that they store; made if it is missing.</param>
internal class LocalCluster(string folder) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SiloProcess> _silos = [];

    /// <exception cref="InvalidOperationException">The cluster is one silo with a database embedded.</exception>
    public LocalPostgres Database =>
        Server ?? throw new InvalidOperationException("The silo has its database embedded.");

    /// <summary>Without it there can be one silo, with a database embedded.</summary>
    protected LocalPostgres? Server { get; set; }

    protected string Folder { get; } = Directory.CreateDirectory(folder).FullName;

    /// <summary>Of a cluster.</summary>
    public string Blobs => Path.Combine(Folder, "blobs");

    /// <summary>Null where it was never started, or was killed or ended.</summary>
    public SiloProcess? Find(string name) => _silos.TryGetValue(name, out var silo) && !silo.HasExited ? silo : null;

    /// <summary>kill -9</summary>
    public Task Kill(string name) => _silos.TryRemove(name, out var silo) ? silo.KillHard() : Task.CompletedTask;

    /// <summary>SIGTERM; returns at once.</summary>
    public void Ask(string name) => Find(name)?.Send(Termination.Terminate);

    /// <summary>SIGTERM; returns when the silo has drained and ended.</summary>
    public async Task Terminate(string name)
    {
        if (!_silos.TryRemove(name, out var silo))
            return;
        silo.Send(Termination.Terminate);
        await silo.Exited;
    }

    /// <summary>SIGSTOP: the process lives and does nothing.</summary>
    public void Hang(string name) => Find(name)?.Send(Termination.Stop);

    public void Wake(string name) => Find(name)?.Send(Termination.Continue);

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
        {
            if (!silo.HasExited)
                await silo.KillHard();
            await silo.DisposeAsync();
        }
        if (Server is not null)
            await Server.DisposeAsync();
        await Dismantle();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // What is left lies in the system's temporary folder.
        }
    }

    /// <summary>Undoes what a kind of cluster did to the machine, once nothing of it runs any more.</summary>
    protected virtual Task Dismantle() => Task.CompletedTask;

    protected string FolderOf(string name) => Path.Combine(Folder, name);

    /// <summary>Starts a silo on the CPU, on the folder that its name had before and another port.</summary>
    /// <param name="roles">As <c>Comod:Roles</c> takes them.</param>
    /// <param name="threads">Threads of its engine; null: all cores.</param>
    /// <param name="under">Words of the program that runs it.</param>
    /// <param name="more">Further arguments.</param>
    /// <exception cref="SiloException">It ended instead of listening.</exception>
    protected async Task<SiloProcess> Start(
        string name,
        string roles,
        int? threads,
        IReadOnlyList<string> under,
        IEnumerable<string> more,
        CancellationToken cancellation
    ) =>
        _silos[name] = await SiloProcess.Start(
            new SiloSettings
            {
                DataDirectory = Directory.CreateDirectory(FolderOf(name)).FullName,
                Device = "cpu",
                Threads = threads,
                Under = under,
                More = [$"--Comod:Roles={roles}", .. Shared(name), .. more],
            },
            cancellation
        );

    private string[] Shared(string name) =>
        Server is null
            ? []
            :
            [
                $"--Comod:Database={Server.ConnectionString("postgres")}",
                $"--Comod:Blobs={Blobs}",
                $"--Comod:Cluster:Name={name}",
            ];
}
