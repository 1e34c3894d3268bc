using ComodCluster.Cli.Silos;
using ComodCluster.Client;

namespace ComodCluster.Lab.Chaos.Drills;

/// <summary>A cluster's PostgreSQL comes back with an older state.</summary>
internal static class DatabaseDrills
{
    /// <summary>Writes that are older are counted in the file beside the blobs; a database may lose younger ones
    /// unnoticed.</summary>
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(6);

    private const string Database = "postgres";

    /// <summary>All silos are stopped, the dump of yesterday is loaded, and they start again.</summary>
    public static Task OfYesterday(DrillReport report, CancellationToken stop) =>
        Lost(
            report,
            (cluster, saved) => cluster.Database.Dump(Database, saved),
            async (cluster, saved) =>
            {
                await Task.WhenAll(cluster.Workers.Concat(cluster.Gateways).Select(cluster.Kill));
                await cluster.Database.Load(Database, saved);
            },
            isNoticedRunning: false,
            stop
        );

    /// <summary>PostgreSQL dies under the running cluster, and a stand-by that lacks the last commits takes
    /// over.</summary>
    public static Task FailedOver(DrillReport report, CancellationToken stop) =>
        Lost(
            report,
            (cluster, saved) => cluster.Database.Snapshot(saved),
            (cluster, saved) => cluster.Database.FailOver(saved),
            isNoticedRunning: true,
            stop
        );

    private static async Task Lost(
        DrillReport report,
        Func<ChaosCluster, string, Task> save,
        Func<ChaosCluster, string, Task> lose,
        bool isNoticedRunning,
        CancellationToken stop
    )
    {
        await using var cluster = await ChaosCluster.Start(workers: 2, gateways: 1, apart: false, stop);
        var world = await ChaosWorld.Make(cluster.Addresses[0], stop);
        var saved = cluster.PathOf("saved");
        using var client = Patient(cluster);
        await client.Adapted("before", world, stop);
        var acknowledged = await Inventory.Of(client, world, stop);
        await save(cluster, saved);
        await client.Adapted("after", world, stop);
        Inventory.Age(cluster.Blobs);
        var stored = Inventory.OfBlobs(cluster.Blobs);
        await Task.Delay(Counted, stop);

        await lose(cluster, saved);

        if (isNoticedRunning)
        {
            var lost = await Noticed(cluster, "worker-1", stop);
            report.Expect(lost > 0, $"a running worker says that {lost} writes are missing");
            report.ExpectAll(
                acknowledged,
                await Inventory.Of(client, world, stop),
                "what was acknowledged before is served"
            );
            await cluster.Kill("worker-2");
        }
        var refused = await Refusal(cluster, "worker-2", stop);
        report.Expect(
            refused?.Contains("--accept-lost-writes", StringComparison.Ordinal) == true,
            $"a silo that starts is refused: {refused ?? "it starts"}"
        );
        report.ExpectAll(stored, Inventory.OfBlobs(cluster.Blobs), "no blob was deleted");
        report.Expect(Inventory.Condemned(cluster.Blobs) == 0, "no blob was condemned");
    }

    private static async Task<string?> Refusal(ChaosCluster cluster, string name, CancellationToken stop)
    {
        try
        {
            await cluster.TryBring(name, stop);
            return null;
        }
        catch (SiloException e)
        {
            return e.Message;
        }
    }

    /// <summary>The writes that a worker misses, once it misses some.</summary>
    private static async Task<long> Noticed(ChaosCluster cluster, string worker, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = cluster.Find(worker)!.Url };
        while (true)
        {
            var line = (await http.GetStringAsync("/metrics", stop))
                .Split('\n')
                .FirstOrDefault(l => l.StartsWith("comod_catalog_lost", StringComparison.Ordinal) && !l.EndsWith(" 0"));
            if (line is not null)
                return (long)double.Parse(line.Split(' ')[1]);
            await Task.Delay(200, stop);
        }
    }

    private static ComodClient Patient(ChaosCluster cluster) =>
        ComodClient.Connect(cluster.Addresses[0], new() { Retries = 60, LongestWait = TimeSpan.FromSeconds(1) });
}
