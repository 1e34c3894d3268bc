using System.Globalization;
using ComodCluster.Engine.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Backbones.Training;

/// <summary>
/// Trains a small backbone by SGD with Nesterov momentum. Batches are pure functions of seed and step and a checkpoint
/// holds everything else, so a resumed training ends with the bits of an uninterrupted one on the same host and thread
/// count.
/// </summary>
public static class BackboneTrainer
{
    private const string IdentityKey = "comod.training",
        StepKey = "comod.step",
        LossKey = "comod.loss",
        AccuracyKey = "comod.accuracy",
        VelocityPrefix = "velocity.";
    private const int TestBatch = 256;
    private const ulong OrderStream = 0x0DE4,
        TestSeed = 0x7E57;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(250);

    /// <param name="work">What to train.</param>
    /// <param name="device">Where.</param>
    /// <param name="checkpointEvery">Time between checkpoints.</param>
    /// <exception cref="InputException"><c>settings-invalid</c>, <c>training-checkpoint</c> (damaged or of another
    /// training), <c>training-diverged</c>.</exception>
    public static TrainedBackbone Train(
        BackboneTraining work,
        Device device,
        TimeSpan checkpointEvery,
        ITrainingObserver observer,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        work.Validate();
        work.Spec.Validate();
        using var scope = NewDisposeScope();
        using var network = new TrainableNetwork(work.Spec, work.Seed, device);
        using var train = new SingleObjectCanvases(work.Spec, work.Train, device);
        using var test = new SingleObjectCanvases(work.Spec, work.Test, device);
        var velocity = network.Trained.ToDictionary(n => n, n => zeros_like(network.Arrays[n]));
        foreach (var v in velocity.Values)
            v.requires_grad_(false);
        var perEpoch = work.Train.Count / work.Batch;
        var steps = work.Epochs * perEpoch;
        var schedule = new OneCycle(work.PeakRate, steps);
        double? loss = null,
            accuracy = null;
        var identity = work.Identity();
        var first = work.Checkpoint is null
            ? 0
            : Restore(work.Checkpoint, identity, steps, network, velocity, ref loss, ref accuracy);
        long started = time.GetTimestamp(),
            reported = 0,
            saved = started;
        int[] order = [];
        for (var step = first; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (epoch, inEpoch) = Math.DivRem(step, perEpoch);
            if (inEpoch == 0 || order.Length == 0)
                order = CounterRandom.Permutation(work.Train.Count, (ulong)(uint)work.Seed, OrderStream + (ulong)epoch);
            var rows = order.AsSpan(inEpoch * work.Batch, work.Batch).ToArray().Select(r => (long)r).ToArray();
            var now = Step(network, velocity, train, rows, work, schedule.At(step), step);
            loss = loss is { } l ? 0.98 * l + 0.02 * now : now;
            if (!double.IsFinite(now))
                throw new InputException(
                    "training-diverged",
                    $"The loss was {now} at step {step}; train with a smaller width or another seed."
                );
            if (inEpoch == perEpoch - 1)
                accuracy = Accuracy(network, test, work.Test.Count, cancellation);
            if (time.GetElapsedTime(reported) >= ReportEvery || step == steps - 1)
            {
                reported = time.GetTimestamp();
                var rate = (step + 1 - first) / time.GetElapsedTime(started).TotalSeconds;
                observer.Report(
                    new TrainingProgress(
                        epoch + 1,
                        work.Epochs,
                        step + 1,
                        steps,
                        loss,
                        accuracy,
                        rate * work.Batch,
                        (steps - step - 1) / rate
                    )
                );
            }
            if (time.GetElapsedTime(saved) < checkpointEvery || step == steps - 1)
                continue;
            saved = time.GetTimestamp();
            observer.Checkpoint(Save(identity, network, velocity, step + 1, loss, accuracy));
        }
        var final = accuracy ?? Accuracy(network, test, work.Test.Count, cancellation);
        var spec = work.Spec with
        {
            Notes = new BackboneNotes(work.TrainedOn, work.Seed, work.Epochs, Math.Round(final, 4)),
        };
        var file = SafeTensors.Write(
            [.. network.Arrays.Select(a => SafeTensor.Of(a.Key, a.Value.shape, Host(a.Value), work.Type))],
            new Dictionary<string, string> { [BackboneSpec.MetadataKey] = spec.ToJson() }
        );
        return new TrainedBackbone(file, final);
    }

    private static double Step(
        TrainableNetwork network,
        Dictionary<string, Tensor> velocity,
        SingleObjectCanvases data,
        long[] rows,
        BackboneTraining work,
        (double Rate, double Momentum) schedule,
        int step
    )
    {
        using var scope = NewDisposeScope();
        var images = data.Batch(rows, flip: true, (ulong)(uint)work.Seed, (ulong)step);
        var labels = data.Labels.index_select(0, tensor(rows, device: images.device));
        var loss = nn.functional.cross_entropy(network.Forward(images, training: true), labels);
        var names = network.Trained.ToArray();
        var gradients = autograd.grad([loss], [.. names.Select(n => network.Arrays[n])]);
        using var frozen = no_grad();
        using Scalar decay = work.WeightDecay.ToScalar(),
            momentum = schedule.Momentum.ToScalar(),
            descent = (-schedule.Rate).ToScalar();
        for (var i = 0; i < names.Length; i++)
        {
            var weight = network.Arrays[names[i]];
            var gradient = gradients[i].add_(weight, alpha: decay);
            var v = velocity[names[i]].mul_(momentum).add_(gradient);
            weight.add_(gradient.add_(v, alpha: momentum), alpha: descent); // Nesterov
        }
        return loss.item<float>();
    }

    private static double Accuracy(
        TrainableNetwork network,
        SingleObjectCanvases test,
        int count,
        CancellationToken cancellation
    )
    {
        using var frozen = no_grad();
        long right = 0;
        foreach (var rows in Enumerable.Range(0, count).Select(i => (long)i).Chunk(TestBatch))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var images = test.Batch(rows, flip: false, TestSeed, (ulong)rows[0]);
            var labels = test.Labels.index_select(0, tensor(rows, device: images.device));
            right += network.Forward(images, training: false).argmax(1).eq(labels).sum().item<long>();
        }
        return (double)right / count;
    }

    private static byte[] Save(
        string identity,
        TrainableNetwork network,
        Dictionary<string, Tensor> velocity,
        int step,
        double? loss,
        double? accuracy
    )
    {
        var metadata = new Dictionary<string, string>
        {
            [IdentityKey] = identity,
            [StepKey] = step.ToString(CultureInfo.InvariantCulture),
        };
        if (loss is { } l)
            metadata[LossKey] = l.ToString("R", CultureInfo.InvariantCulture);
        if (accuracy is { } a)
            metadata[AccuracyKey] = a.ToString("R", CultureInfo.InvariantCulture);
        return SafeTensors.Write(
            [
                .. network.Arrays.Select(t => SafeTensor.Of(t.Key, t.Value.shape, Host(t.Value))),
                .. velocity.Select(t => SafeTensor.Of(VelocityPrefix + t.Key, t.Value.shape, Host(t.Value))),
            ],
            metadata
        );
    }

    private static int Restore(
        byte[] checkpoint,
        string identity,
        int steps,
        TrainableNetwork network,
        Dictionary<string, Tensor> velocity,
        ref double? loss,
        ref double? accuracy
    )
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var file = SafeTensors.Read(checkpoint);
        if (
            file.Metadata.GetValueOrDefault(IdentityKey) != identity
            || !int.TryParse(file.Metadata.GetValueOrDefault(StepKey), out var step)
            || step < 1
            || step > steps
        )
            throw new InputException(
                "training-checkpoint",
                "The checkpoint belongs to a training with other data or settings; repeat those, or start anew "
                    + "without it."
            );
        foreach (
            var (name, into) in network.Arrays.Concat(
                velocity.Select(v => KeyValuePair.Create(VelocityPrefix + v.Key, v.Value))
            )
        )
        {
            if (!file.Tensors.TryGetValue(name, out var stored) || !stored.Shape.SequenceEqual(into.shape))
                throw new InputException(
                    "training-checkpoint",
                    $"The checkpoint lacks the array '{name}' of this training; start anew without it."
                );
            into.copy_(tensor(stored.ToFloats(), into.shape));
        }
        if (file.Metadata.TryGetValue(LossKey, out var l))
            loss = double.Parse(l, CultureInfo.InvariantCulture);
        if (file.Metadata.TryGetValue(AccuracyKey, out var a))
            accuracy = double.Parse(a, CultureInfo.InvariantCulture);
        return step;
    }

    private static float[] Host(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.detach().cpu().contiguous().data<float>().ToArray();
    }
}
