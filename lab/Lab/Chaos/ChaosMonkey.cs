namespace ComodCluster.Lab.Chaos;

/// <summary>
/// Kills, stops and hangs silos and the database at random, one after another, and starts again what ended.
/// </summary>
internal sealed class ChaosMonkey(ChaosCluster cluster, Random random, Action<string> note)
{
    public async Task Run(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(2 + 3 * random.NextDouble()), stop);
                await Cause(stop);
                // As an orchestrator would: whatever has ended comes back.
                foreach (var name in cluster.Workers.Concat(cluster.Gateways).Where(n => cluster.Find(n) is null))
                    await cluster.Bring(name, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over; the cluster is healed by the caller.
        }
    }

    private async Task Cause(CancellationToken stop)
    {
        var worker = cluster.Workers[random.Next(cluster.Workers.Count)];
        var gateway = cluster.Gateways[random.Next(cluster.Gateways.Count)];
        switch (random.Next(7))
        {
            case 0:
                note($"kill -9 {worker}");
                await cluster.Kill(worker);
                break;
            case 1:
                note($"kill -9 {gateway}");
                await cluster.Kill(gateway);
                break;
            case 2:
                note($"SIGTERM {worker}");
                await cluster.Terminate(worker);
                break;
            case 3:
                note($"SIGSTOP {worker} for 10 s");
                cluster.Hang(worker);
                await Awake(() => cluster.Wake(worker), 10, stop);
                break;
            case 4:
                note("kill -9 of two workers");
                await Task.WhenAll(cluster.Workers.OrderBy(_ => random.Next()).Take(2).Select(cluster.Kill));
                break;
            case 5:
                note("kill -9 of PostgreSQL, back after 3 s");
                await cluster.Database.Kill();
                await Task.WhenAny(Task.Delay(3000, stop));
                await cluster.Database.Start();
                break;
            default:
                note("SIGSTOP of PostgreSQL for 4 s");
                await cluster.Database.Pause();
                await Task.WhenAny(Task.Delay(4000, stop));
                await cluster.Database.Resume();
                break;
        }
    }

    private static async Task Awake(Action wake, int seconds, CancellationToken stop)
    {
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(seconds), stop));
        wake();
    }
}
