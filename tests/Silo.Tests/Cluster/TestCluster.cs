using System.Text.Json;
using ComodCluster.Api.Workers;
using ComodCluster.Silo.Tests.Process;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Silo.Tests.Cluster;

/// <summary>Real silo processes on a real PostgreSQL and a shared folder of blobs. Disposing kills them.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _blobs;
    private readonly List<SiloProcess> _silos = [];

    private TestCluster(string database, string[]? blobs = null) =>
        (Database, _blobs) = (database, blobs ?? [$"--Comod:Blobs={_folder.File("blobs/here")[..^5]}"]);

    /// <summary>One without silos yet.</summary>
    /// <param name="blobs">Settings that say where they are.</param>
    public static TestCluster On(string database, params string[] blobs) => new(database, blobs);

    /// <summary>
    /// Starts workers named <c>worker-1</c>, <c>worker-2</c>, ... and a gateway, and waits until the gateway knows them
    /// all.
    /// </summary>
    public static async Task<TestCluster> Start(string database, int workers, params string[] settings)
    {
        var cluster = new TestCluster(database);
        try
        {
            await Task.WhenAll(Enumerable.Range(1, workers).Select(i => cluster.AddWorker($"worker-{i}", settings)));
            cluster.Gateway = await cluster.Add("gateway", "gateway", settings);
            await cluster.Knows(workers);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its connection string.</summary>
    public string Database { get; }

    public SiloProcess Gateway { get; set; } = null!;

    public HttpClient Client => Gateway.Client;

    public Dictionary<string, SiloProcess> Workers { get; } = [];

    public async Task AddWorker(string name, params string[] settings)
    {
        var worker = await Add(name, "worker", settings);
        lock (Workers)
            Workers[name] = worker;
    }

    /// <summary>A silo of this cluster on a folder of its own, ready.</summary>
    public async Task<SiloProcess> Add(string name, string roles, params string[] settings)
    {
        var silo = await SiloProcess.Ready(_folder.File($"{name}/data"), [.. Settings(name, roles), .. settings]);
        lock (_silos)
            _silos.Add(silo);
        return silo;
    }

    public string[] Settings(string name, string roles) =>
        [$"--Comod:Roles={roles}", $"--Comod:Database={Database}", .. _blobs, $"--Comod:Cluster:Name={name}"];

    /// <summary>Waits until the gateway hears from so many workers.</summary>
    public async Task<IReadOnlyList<WorkerReport>> Knows(int workers) =>
        await Until(() => Client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"), w => w.Count == workers);

    /// <summary>Waits until the gateway hears from so many workers and that none of them runs a job.</summary>
    public async Task Idle(int workers) =>
        await Until(
            () => Client.Get<IReadOnlyList<WorkerReport>>("/v1/workers"),
            w => w.Count == workers && w.All(r => r.RunningJobs == 0)
        );

    /// <summary>Asks again until the answer is as wanted; what is refused meanwhile does not count.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> ask, Func<T, bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        T? last = default;
        while (!patience.IsCancellationRequested)
        {
            try
            {
                if (wanted(last = await ask()))
                    return last;
            }
            catch (HttpRequestException) when (!patience.IsCancellationRequested)
            {
                // Not yet.
            }
            await Task.WhenAny(Task.Delay(50, patience.Token));
        }
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        throw new TimeoutException(
            $"After a minute the answer was still "
                + $"{(last is HttpResponseMessage ? $"{last}" : JsonSerializer.Serialize(last))}"
        );
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
            await silo.DisposeAsync();
        _folder.Dispose();
    }
}
