using System.CommandLine;
using ComodCluster.Benchmarks;
using ComodCluster.Benchmarks.Adapt64;
using ComodCluster.Benchmarks.Allocations;
using ComodCluster.Benchmarks.FairShare;
using ComodCluster.Benchmarks.Forward;
using ComodCluster.Benchmarks.Growth;
using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Neighbour;
using ComodCluster.Benchmarks.Packed;
using ComodCluster.Benchmarks.Peers;
using ComodCluster.Benchmarks.PlanRanking;
using ComodCluster.Benchmarks.PredictMix;
using ComodCluster.Benchmarks.Registered;
using ComodCluster.Benchmarks.Serving;
using ComodCluster.Benchmarks.TimeToAccuracy;
using ComodCluster.Infrastructure;

var quick = new Option<bool>("--quick") { Description = "Under a minute: 3 pairs, wide intervals.", Recursive = true };
var results = new Option<DirectoryInfo?>("--results")
{
    Description = "Folder of the CSV [benchmarks/results of this repository].",
    HelpName = "DIR",
    Recursive = true,
};
var root = new RootCommand(
    "Measures the engine against the peers that a user would pick; benchmarks/README.md explains the keys of each "
        + "RESULT line."
)
{
    quick,
    results,
};
IBenchmark[] benchmarks =
[
    new ForwardBenchmark(),
    new PackedBenchmark(),
    new Adapt64Benchmark(),
    new GrowthBenchmark(),
    new PredictMixBenchmark(),
    new AllocationsBenchmark(),
    new TimeToAccuracyBenchmark(),
    new PlanRankingBenchmark(),
    new ServingBenchmark(),
    new FairShareBenchmark(),
    new RegisteredBenchmark(),
    new NeighbourBenchmark(),
];
foreach (var benchmark in benchmarks)
{
    var command = new Command(benchmark.Name, benchmark.Description);
    command.SetAction(arguments =>
    {
        try
        {
            var effort = arguments.GetValue(quick) ? Effort.Quick : Effort.Full;
            var report = benchmark.Run(effort);
            var file = report.Write(
                arguments.GetValue(results)?.FullName ?? Repository.At("benchmarks/results"),
                effort
            );
            Console.WriteLine(
                $"{(effort.IsQuick ? "Quick form: few pairs, wide intervals. " : "")}Every sample is in {file}."
            );
            Console.WriteLine(report.ResultLine);
            return 0;
        }
        catch (BenchmarkException e)
        {
            Console.Error.WriteLine($"error {benchmark.Name}: {e.Message}");
            return 1;
        }
    });
    root.Add(command);
}
var network = new Argument<string>("network");
var engine = new Command(EngineProcess.Verb, "What a process of the benchmark 'neighbour' does.") { network };
engine.Hidden = true;
engine.SetAction(arguments => EngineProcess.Serve(arguments.GetRequiredValue(network)));
root.Add(engine);
return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
