using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.FairShare;

/// <summary>
/// A tenant who queued very much beside one who wants little: what each gets of the device, and what the modest one
/// waits.
/// </summary>
internal sealed class FairShareBenchmark : IBenchmark
{
    private const string Greedy = "greedy",
        Modest = "modest";
    private const int Images = 120,
        Steps = 30;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    public string Name => "fair-share";
    public string Description =>
        "A greedy and a modest tenant on one device: shares against weights, and how much longer the modest one "
        + "takes than alone.";

    public Report Run(Effort effort)
    {
        var report = new Report(Name, "", "weights", "measure", "round", "value");
        using var pack = Pictures.Small(Images);
        // Both have rows for full batches all the time: the shares are the weights'.
        foreach (var weight in effort.IsQuick ? [3] : new[] { 1, 3 })
            Shares(effort, report, pack, weight);
        Waiting(effort, report, pack);
        return report;
    }

    private static void Shares(Effort effort, Report report, DatasetPack pack, int weight)
    {
        var shares = new List<double>();
        for (var round = effort.IsQuick ? 0 : -1; round < Rounds(effort); round++)
        {
            using var engine = Start(weight);
            report.Versions = engine.Versions;
            // Each tenant has more rows than a batch; the greedy one four times as many as the modest one.
            var works = Works(engine, pack, Greedy, 16).Concat(Works(engine, pack, Modest, 4)).ToArray();
            var running = works
                .Select(w => engine.Engine.Adapt(w, LoadedEngine.Unheard.Instance, CancellationToken.None))
                .ToArray();
            var (greedy, modest) = (0.0, 0.0);
            // As long as both have work: who has none is forgotten. What was charged is divided by the weight.
            for (var theirs = Task.WhenAll(running[16..]); !theirs.Wait(Glance); )
                if (engine.Engine.Share[Modest] is > 0 and var charged)
                    (greedy, modest) = (engine.Engine.Share[Greedy], weight * charged);
            Task.WhenAll(running).GetAwaiter().GetResult();
            if (round < 0)
                continue;
            shares.Add(modest / (modest + greedy));
            report.Row($"1:{weight}", "share of the modest tenant", round + 1, shares[^1]);
        }
        report.Key($"share_at_weight_{weight}", Estimate.Of(shares));
        report.Key($"share_at_weight_{weight}_goal", weight / (weight + 1.0));
    }

    private static void Waiting(Effort effort, Report report, DatasetPack pack)
    {
        using var engine = Start(1);
        var (alone, beside, last) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = effort.IsQuick ? 0 : -1; round < Rounds(effort); round++)
        {
            var modest = Works(engine, pack, Modest, 1)[0];
            var own = engine.Together(modest);
            var greedy = Works(engine, pack, Greedy, Others(effort))
                .Select(w => engine.Engine.Adapt(w, LoadedEngine.Unheard.Instance, CancellationToken.None))
                .ToArray();
            var shared = engine.Together(modest);
            Task.WhenAll(greedy).GetAwaiter().GetResult();
            // The same task at the end of one tenant's queue.
            var queue = Works(engine, pack, Greedy, Others(effort) + 1);
            var queued = engine.Together(queue);
            if (round < 0)
                continue;
            alone.Add(own);
            beside.Add(shared / own);
            last.Add(queued / own);
            report.Row("1:1", "seconds alone", round + 1, own);
            report.Row("1:1", "seconds beside the greedy tenant", round + 1, shared);
            report.Row("1:1", "seconds as one of the greedy tenant's", round + 1, queued);
        }
        report.Key("alone_seconds", Estimate.Of(alone));
        report.Key("beside_vs_alone", Estimate.Of(beside));
        report.Key("unfair_vs_alone", Estimate.Of(last));
    }

    /// <summary>Tasks of the greedy tenant beside the modest one's single task.</summary>
    private static int Others(Effort effort) => effort.IsQuick ? 15 : 31;

    private static int Rounds(Effort effort) => effort.IsQuick ? 1 : 5;

    private static LoadedEngine Start(int weight) =>
        LoadedEngine.Start(Network.Small(), new Dictionary<string, double> { [Modest] = weight });

    private static AdaptationWork[] Works(LoadedEngine engine, DatasetPack pack, string tenant, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    engine.Work(
                        pack,
                        [.. Pictures.Classes.Skip(i % 8).Take(2)],
                        ReadoutMode.Head,
                        new TaskSettings
                        {
                            Steps = Steps,
                            Seed = i,
                            Gate = GatePolicy.Off,
                            TestImages = 0,
                            Batch = 16,
                        }
                    ) with
                    {
                        Tenant = tenant,
                    }
                ),
        ];
}
