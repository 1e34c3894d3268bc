namespace ComodCluster.Lab.Chaos;

/// <summary>The faults of <c>chaos --scenario</c>.</summary>
internal static class Scenarios
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("kill-one", "kill -9 of one worker", c => c.Kill("worker-1"), Nothing),
        new(
            "kill-two",
            "kill -9 of two workers at once",
            c => Task.WhenAll(c.Kill("worker-1"), c.Kill("worker-2")),
            Nothing
        ),
        new(
            "kill-all",
            "kill -9 of all silos, started again at once on other ports",
            c => Task.WhenAll(c.Workers.Concat(c.Gateways).Select(c.Kill)),
            c => c.Heal(CancellationToken.None),
            TimeSpan.Zero
        ),
        new("stop-one", "SIGTERM to one worker", c => c.Ask("worker-1"), c => c.Terminate("worker-1")),
        new(
            "hang-one",
            "SIGSTOP of one worker, woken when all tasks answer again",
            c => c.Hang("worker-1"),
            Scenario.Later(c => c.Wake("worker-1"))
        ),
        new("kill-gateway", "kill -9 of one of two gateways", c => c.Kill("gateway-1"), Nothing),
        new("database-away", "PostgreSQL stopped for 30 s", c => c.Database.Stop(), c => c.Database.Start(), Long),
        new(
            "database-hangs",
            "PostgreSQL SIGSTOPped for 10 s",
            c => c.Database.Pause(),
            c => c.Database.Resume(),
            TimeSpan.FromSeconds(10)
        ),
        new(
            "cut-pair",
            "two workers cut off from each other for 30 s",
            c => c.Network!.Cut("worker-1", c.Network.AddressOf("worker-2")),
            c => c.Network!.Mend("worker-1", c.Network.AddressOf("worker-2")),
            Long,
            Apart: true
        ),
        new(
            "cut-silos",
            "one worker cut off from all silos, not from PostgreSQL, for 30 s",
            c => c.Network!.Cut("worker-1", Others(c)),
            c => c.Network!.Mend("worker-1", Others(c)),
            Long,
            Apart: true
        ),
        new(
            "cut-all",
            "one worker cut off from everything for 30 s",
            c => c.Network!.Cut("worker-1", [.. Others(c), c.Network.DatabaseAddress]),
            c => c.Network!.Mend("worker-1", [.. Others(c), c.Network.DatabaseAddress]),
            Long,
            Apart: true
        ),
        new(
            "blobs-full",
            "the disk of the blobs full for 20 s",
            c => c.BlobDisk!.Fill(),
            Scenario.Later(c => c.BlobDisk!.Free()),
            TimeSpan.FromSeconds(20),
            Apart: true
        ),
        new(
            "database-full",
            "the disk of PostgreSQL full for 20 s, PostgreSQL started again if it has ended",
            c => c.DatabaseDisk!.Fill(),
            async c =>
            {
                c.DatabaseDisk!.Free();
                await c.Database.Revive();
            },
            TimeSpan.FromSeconds(20),
            Apart: true
        ),
        new(
            "clocks-apart",
            "a worker and a gateway 5 minutes ahead, another worker 5 minutes behind, for 60 s",
            c =>
                Task.WhenAll(
                    c.Shift(TimeSpan.FromMinutes(5), "worker-1", "gateway-1"),
                    c.Shift(TimeSpan.FromMinutes(-5), "worker-2")
                ),
            c => c.Shift(TimeSpan.Zero, "worker-1", "worker-2", "gateway-1"),
            TimeSpan.FromMinutes(1),
            Clocks: true
        ),
    ];

    private static IEnumerable<string> Others(ChaosCluster cluster) =>
        [cluster.Network!.GatewayAddress, .. cluster.Workers.Skip(1).Select(cluster.Network.AddressOf)];

    private static Task Nothing(ChaosCluster cluster) => Task.CompletedTask;
}
