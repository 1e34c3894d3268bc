using ComodCluster.Cli.Silos;
using ComodCluster.Client;
using ComodCluster.Lab.Clusters;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>One silo with its database embedded, and others on folders beside it.</summary>
internal sealed class EmbeddedSilo() : LocalCluster(Directory.CreateTempSubdirectory("comod-drill-").FullName)
{
    private const string Usual = "silo";

    public string Data => DataOf(Usual);

    public string DataOf(string name) => FolderOf(name);

    public int Process => Find(Usual)!.Id;

    /// <summary>A client of it, once it is ready.</summary>
    /// <exception cref="SiloException">It refuses to start.</exception>
    public Task<ComodClient> Bring(CancellationToken cancellation, params string[] more) =>
        Bring(Usual, cancellation, more);

    /// <inheritdoc cref="Bring(CancellationToken, string[])"/>
    public async Task<ComodClient> Bring(string name, CancellationToken cancellation, params string[] more)
    {
        var silo = await Start(name, "worker,gateway", threads: 1, under: [], more, cancellation);
        var client = ComodClient.Connect(silo.Url, new() { Retries = 0 });
        while (!await client.IsReady(cancellation))
            await Task.Delay(100, cancellation);
        return client;
    }

    public Task Kill() => Kill(Usual);

    /// <summary>Why it refuses to start; null where it starts.</summary>
    public async Task<string?> Refusal(CancellationToken cancellation)
    {
        try
        {
            (await Bring(cancellation)).Dispose();
            return null;
        }
        catch (SiloException e)
        {
            return e.Message;
        }
    }
}
