using System.Diagnostics;
using System.Globalization;
using ComodCluster.Client;

namespace ComodCluster.Lab.Chaos;

/// <summary>Users of a cluster under faults; when these are over, the cluster is healed and everything
/// checked.</summary>
internal sealed class ChaosRun(ChaosCluster cluster, int users, int seed, Action<string> say)
{
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(3);

    /// <param name="faults">Causes them, tells of each, and returns when they are over.</param>
    public async Task<ChaosResult> Run(
        ChaosWorld world,
        Func<Action<string>, CancellationToken, Task> faults,
        CancellationToken cancellation
    )
    {
        var (ledger, outages, caused, clock) = (new Ledger(), new Outages(), new List<Fault>(), Stopwatch.StartNew());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var load = Enumerable
            .Range(0, users)
            .Select(i =>
                new ChaosUser(i, () => cluster.Addresses, world, ledger, outages, seed + 1 + i).Run(over.Token)
            )
            .ToList();
        try
        {
            await faults(Caused, cancellation);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(load);
        }
        var seconds = clock.Elapsed.TotalSeconds;

        say("Healing the cluster; its jobs end.");
        await Heal(world, ledger, cancellation);
        return new(
            seed,
            (int)seconds,
            caused.Count,
            ledger.Tasks.Count,
            ledger.Tasks.Sum(t => t.Jobs.Count),
            outages.Longest.TotalSeconds,
            clock.Elapsed.TotalSeconds - seconds,
            ledger.Counts.ToDictionary(c => c.Key, c => new ChaosCount(c.Value.Done, c.Value.Refused)),
            caused,
            [.. ledger.Violations]
        )
        {
            Ordered = ledger.Tasks.Sum(t => t.History.Operations.Count),
            Logs = ledger.Violations.IsEmpty ? null : cluster.KeepLogs(),
        };

        void Caused(string what)
        {
            var fault = new Fault(clock.Elapsed.TotalSeconds, what);
            caused.Add(fault);
            say(string.Create(CultureInfo.InvariantCulture, $"{fault.At, 6:0.0} s  {fault.What}"));
        }
    }

    private async Task Heal(ChaosWorld world, Ledger ledger, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Healing);
        try
        {
            await cluster.Heal(patience.Token);
            using var client = ComodClient.Connect(
                cluster.Addresses[0],
                new() { Retries = 30, LongestWait = TimeSpan.FromSeconds(1) }
            );
            await new ChaosCheck(client, world, ledger).Run(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            ledger.Violation($"the cluster was not whole, or jobs had not ended, after {Healing.TotalSeconds:0} s");
        }
    }
}
