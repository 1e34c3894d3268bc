using ComodCluster.Engine.Activations;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Metrics;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Trials;

/// <summary>Predictions of states as they will be served, and what they are worth.</summary>
internal sealed class TrialMeasuring(TrialPlan plan, TrialImages images, Backbone backbone, DeviceClock clock)
{
    internal const double LeastProbability = 1e-12;

    /// <summary>Images that were predicted so far.</summary>
    public int Images { get; private set; }

    /// <summary>Probabilities [K] of images that need not be cached, by each of the states.</summary>
    public IEnumerable<Turn> Probabilities(
        IReadOnlyList<(TaskState State, List<float[]> Into)> states,
        int[] of,
        bool charge
    )
    {
        var served = states.Select(s => (Task: ServedTask.Of(s.State), s.Into)).ToArray();
        foreach (var (chunk, decoded) in DecodedBatch.Ahead(backbone.Spec, of.Select(images.At), ServedBatches.Rows))
        {
            using (decoded)
            {
                if (charge)
                    clock.Charge(Batch);
                else
                    Batch();
            }
            Images += chunk.Length;
            yield return Turn.Worked;

            void Batch()
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                var pixels = decoded.Batch(backbone, [.. Enumerable.Range(0, chunk.Length)], ServedBatches.Rows);
                // Those that leave the network as it is share a pass.
                foreach (var same in served.GroupBy(s => s.Task.Part == NetworkPart.None ? null : s.Task))
                {
                    var layout = RecordLayout.Of(backbone.Spec).Only(same.Select(s => s.Task.Place));
                    var records = HostTensors.Read(
                        ServedBatches.Records(
                            backbone,
                            pixels,
                            [.. Enumerable.Repeat(same.First().Task, chunk.Length)],
                            layout.Pools
                        )
                    );
                    for (var i = 0; i < chunk.Length; i++)
                        foreach (var (task, into) in same)
                            into.Add(
                                ServedBatches.Probabilities(
                                    backbone,
                                    task,
                                    layout,
                                    records.Slice(i * layout.Width, layout.Width)
                                )
                            );
                }
            }
        }
    }

    /// <summary>Negative log-likelihood of each image, nats.</summary>
    public double[] Losses(List<float[]> probabilities, int[] of)
    {
        var loss = plan.Task.ReadoutLoss;
        return
        [
            .. probabilities.Select(
                (p, i) => loss.Sum(p, images.Target(of[i]), LeastProbability) / loss.Share(plan.Task.Outputs)
            ),
        ];
    }

    public ClassificationMetrics Measure(List<float[]> probabilities, int[] of) =>
        plan.Task.ReadoutLoss.OneIsRight
            ? ClassificationMetrics.OfClasses(probabilities, [.. of.Select(images.Class)])
            : ClassificationMetrics.OfAttributes(
                probabilities,
                [.. of.Select(i => images.Target(i).Select(t => (int)t).ToArray())]
            );

    /// <param name="untrained">Probabilities of the images of early stopping.</param>
    /// <param name="test">Probabilities of the test images.</param>
    public Calibration Calibrate(List<float[]> untrained, List<float[]> test)
    {
        var temperature = TemperatureScaling.Fit(
            untrained,
            [.. plan.EarlyStopping.Select(images.Target)],
            plan.Task.ReadoutLoss
        );
        var scaled = Measure(
            [
                .. test.Select(p =>
                    TemperatureScaling.Apply(p, temperature, plan.Task.ReadoutLoss).Select(x => (float)x).ToArray()
                ),
            ],
            plan.Test
        );
        return new Calibration(temperature, scaled.Ece, scaled.Nll);
    }
}
