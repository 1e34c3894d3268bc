namespace ComodCluster.Lab.Chaos;

/// <summary>
/// kill -9 of processes at random, so many, each started again at once. The next one comes when all are there.
/// </summary>
internal sealed class Killer(ChaosCluster cluster, Random random, int kills, Action<string> note)
{
    private int _killed;

    public async Task Run(CancellationToken stop)
    {
        while (_killed < kills)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5 + 3 * random.NextDouble()), stop);
            if (random.Next(20) == 0)
                await KillDatabase();
            else
                await Task.WhenAll(Victims().Select(name => Kill(name, stop)));
        }
    }

    /// <summary>Mostly one of those that are there, now and then two, seldom all.</summary>
    private List<string> Victims()
    {
        var dice = random.NextDouble();
        var most =
            dice < 0.8 ? 1
            : dice < 0.95 ? 2
            : int.MaxValue;
        return
        [
            .. cluster
                .Workers.Concat(cluster.Gateways)
                .OrderBy(_ => random.Next())
                .Take(Math.Min(most, kills - _killed)),
        ];
    }

    private async Task Kill(string name, CancellationToken stop)
    {
        Count(name);
        await cluster.Kill(name);
        await cluster.Bring(name, stop);
    }

    private async Task KillDatabase()
    {
        Count("PostgreSQL");
        await cluster.Database.Kill();
        await cluster.Database.Start();
    }

    private void Count(string name)
    {
        _killed++;
        note($"kill -9 {name}");
    }
}
