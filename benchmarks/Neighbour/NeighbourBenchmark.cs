using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.Neighbour;

/// <summary>
/// Predictions of one engine while nothing else runs, and while another process takes all it can get of one core, by
/// how long OpenMP's threads spin before they sleep.
/// </summary>
internal sealed class NeighbourBenchmark : IBenchmark
{
    private const string Chosen = "chosen",
        Default = "spin_300000",
        Alone = "alone",
        Beside = "beside";

    // An engine that watches knows within two looks that it has a neighbour, and after five that it has none.
    private static readonly TimeSpan ToNotice = TimeSpan.FromSeconds(2.5),
        ToCalmDown = TimeSpan.FromSeconds(6.5);
    private static readonly int[] SpinCounts = [0, 1000, 3000, 10_000, 300_000];

    public string Name => "neighbour";
    public string Description => "Predictions alone and beside a busy process, by how long OpenMP's threads spin.";

    public Report Run(Effort effort)
    {
        var report = new Report(Name, "", "network", "contestant", "beside", "load", "round", "seconds");
        Measure(effort, report, Network.Small(), 256);
        if (!effort.IsQuick)
            Measure(effort, report, Network.ResNet18(), 64);
        return report;
    }

    private static void Measure(Effort effort, Report report, Network network, int requests)
    {
        var prefix = network.Name == "small" ? "" : $"{network.Name}_";
        var engines = SpinCounts
            .Select(count => EngineProcess.Start($"spin_{count}", network, count))
            .Prepend(EngineProcess.Start(Chosen, network, spinCount: null))
            .ToArray();
        try
        {
            report.Versions = engines[0].Versions;
            using var neighbour = new BusyThread();
            foreach (var (load, count) in new[] { ("saturated", requests), ("single", 0) })
            {
                var rounds = Rounds.Run(
                    effort,
                    [
                        .. engines.SelectMany(engine =>
                            new[]
                            {
                                new Contestant(
                                    Contestant(engine.Name, Alone),
                                    () => Settled(engine, ToCalmDown, count)
                                ),
                                new Contestant(
                                    Contestant(engine.Name, Beside),
                                    () => neighbour.During(() => Settled(engine, ToNotice, count))
                                ),
                            }
                        ),
                    ]
                );
                foreach (var engine in engines)
                {
                    foreach (var place in new[] { Alone, Beside })
                        for (var i = 0; i < effort.Rounds; i++)
                            report.Row(
                                network.Name,
                                engine.Name,
                                place,
                                load,
                                i + 1,
                                rounds[Contestant(engine.Name, place)][i]
                            );
                    var key = $"{prefix}{load}_{engine.Name}";
                    report.Key(
                        $"{key}_alone_vs_default",
                        rounds.Speedup(Contestant(engine.Name, Alone), Contestant(Default, Alone))
                    );
                    report.Key(
                        $"{key}_beside_vs_alone",
                        rounds.Speedup(Contestant(engine.Name, Beside), Contestant(engine.Name, Alone))
                    );
                }
            }
        }
        finally
        {
            foreach (var engine in engines)
                engine.Dispose();
        }

        static double Settled(EngineProcess engine, TimeSpan after, int count)
        {
            if (engine.Watches)
                Thread.Sleep(after);
            return engine.Seconds(count);
        }

        static string Contestant(string engine, string place) => $"{engine}_{place}";
    }
}
