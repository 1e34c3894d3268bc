using ComodCluster.Benchmarks.Measuring;
using ComodCluster.Benchmarks.Subjects;
using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using ComodCluster.Infrastructure.Statistics;

namespace ComodCluster.Benchmarks.Allocations;

/// <summary>
/// Managed bytes of a prediction and of an optimiser step on the small net. Native memory of the tensors is not in
/// them.
/// </summary>
internal sealed class AllocationsBenchmark : IBenchmark
{
    private const int Batch = 64,
        Images = 64,
        FewSteps = 6;
    private int _number;

    public string Name => "allocations";
    public string Description => "Managed bytes per prediction and per optimiser step.";

    public Report Run(Effort effort)
    {
        using var pack = Pictures.Of(Images, 48, [.. Pictures.Classes.Take(2)]);
        using var engine = LoadedEngine.Start(Network.Small());
        var random = new RandomTasks(engine, "layer2");
        ServedTask[] served = [.. Enumerable.Range(0, Batch).Select(random.Served)];
        var load = Requests.Of(engine, pack);
        var moreSteps = effort.IsQuick ? 18 : 66;
        var predictions = Batch * (effort.IsQuick ? 16 : 64);
        var report = new Report(Name, engine.Versions, "what", "round", "bytes");

        // Each image from another caller and of another task than its neighbours in the batch; enough in flight that
        // all batches are full.
        double Prediction() =>
            Measure("prediction", () => load.Seconds(predictions, i => served[i % Batch])) / predictions;
        double Decode() =>
            Measure(
                "decode",
                () =>
                {
                    foreach (var image in load.Images)
                        PixelBuffer.Decode(engine.Network.Spec, image).Dispose();
                }
            ) / load.Images.Count;
        double Step(int tasks)
        {
            // The difference of two lengths has the steps alone: plan, lanes and result cancel.
            var few = Adapt(tasks, FewSteps);
            return (Adapt(tasks, moreSteps) - few) / (moreSteps - FewSteps);
        }
        double Adapt(int tasks, int steps)
        {
            TaskSettings[] rows =
            [
                .. Enumerable
                    .Range(0, tasks)
                    .Select(seed => new TaskSettings
                    {
                        Seed = seed,
                        Batch = 8,
                        Steps = steps,
                        Gate = GatePolicy.Off,
                        TestImages = 0,
                    }),
            ];
            var work = engine.Work(pack, null, ReadoutMode.Head, rows);
            return Measure($"adapt {tasks} tasks {steps} steps", () => engine.Together(work));
        }

        Prediction();
        Adapt(Batch / 8, FewSteps);
        var gen2 = GC.CollectionCount(2);
        double[] perPrediction = [.. Repeat(Prediction)];
        var collections = GC.CollectionCount(2) - gen2;
        double[] perDecode = [.. Repeat(Decode)],
            perStep = [.. Repeat(() => Step(1))],
            perSharedStep = [.. Repeat(() => Step(Batch / 8) / (Batch / 8))];
        report.Key("bytes_per_prediction", Estimate.Of(perPrediction));
        report.Key("bytes_per_decode", Estimate.Of(perDecode));
        report.Key(
            "bytes_per_prediction_without_decode",
            Estimate.Of([.. perPrediction.Zip(perDecode, (p, d) => p - d)])
        );
        report.Key("bytes_per_step", Estimate.Of(perStep));
        report.Key("bytes_per_step_of_8_tasks", Estimate.Of(perSharedStep));
        report.Key(
            "gen2_collections_per_1000_predictions",
            1000.0 * collections / ((double)predictions * effort.Rounds)
        );
        return report;

        IEnumerable<double> Repeat(Func<double> sample)
        {
            for (var i = 0; i < effort.Rounds; i++)
            {
                var bytes = sample();
                Console.WriteLine($"round {i + 1, 2}/{effort.Rounds}  {bytes:#,0} bytes");
                yield return bytes;
            }
        }

        double Measure(string what, Action work)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            work();
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            report.Row(what, _number++, bytes);
            return bytes;
        }
    }
}
