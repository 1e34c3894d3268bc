using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Backbones.Training;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Clutter;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Backbones.Training;

public class BackboneTrainerTests
{
    private static readonly string[] Classes = ["red", "green", "blue"];

    public BackboneTrainerTests() => set_num_threads(1);

    [Fact]
    public void Train_ResumedFromEveryCheckpoint_EndsWithTheSameBytes()
    {
        var whole = new Recorder();
        var expected = Train(Tiny, whole);
        Assert.Equal(11, whole.Checkpoints.Count); // after every step but the last

        foreach (var at in (int[])[0, 4, 10]) // inside the first epoch, inside the second, before the last step
            Assert.Equal(expected.File, Train(Tiny with { Checkpoint = whole.Checkpoints[at] }, new Recorder()).File);
    }

    [Fact]
    public void Train_CancelledThenResumedTwice_EndsWithTheSameBytes()
    {
        var expected = Train(Tiny, new Recorder());
        var work = Tiny;
        foreach (var stopAfter in (int[])[3, 2])
        {
            var recorder = new Recorder { StopAfter = stopAfter };
            Assert.Throws<OperationCanceledException>(() => Train(work, recorder));
            Assert.Equal(stopAfter, recorder.Checkpoints.Count);
            work = work with { Checkpoint = recorder.Checkpoints[^1] };
        }

        var resumed = new Recorder();
        Assert.Equal(expected.File, Train(work, resumed).File);
        Assert.Equal(12 - 5 - 1, resumed.Checkpoints.Count);
    }

    [Fact]
    public void Train_OtherSeed_GivesOtherWeights() =>
        Assert.NotEqual(Train(Tiny, new Recorder()).File, Train(Tiny with { Seed = 2 }, new Recorder()).File);

    [Fact]
    public void Train_ColouredSquares_AreLearnedAndTheFileNamesThem()
    {
        var work = Tiny with { Epochs = 8, PeakRate = 0.1, Train = Squares(60, 1), Test = Squares(20, 2) };
        var recorder = new Recorder();
        var trained = Train(work, recorder);

        Assert.InRange(trained.Accuracy, 0.9, 1);
        Assert.Equal(trained.Accuracy, recorder.Last!.Accuracy);
        Assert.Equal((8, 88, 88), (recorder.Last.Epoch, recorder.Last.Step, recorder.Last.Steps));
        Assert.All(SafeTensors.Read(trained.File).Tensors.Values, t => Assert.Equal(ElementType.Float16, t.Type));
        using var backbone = Backbone.Load(trained.File, CPU);
        Assert.Equal(work.Spec with { Notes = backbone.Spec.Notes }, backbone.Spec);
        Assert.Equal(
            new BackboneNotes("squares", Seed: 1, Epochs: 8, Accuracy: Math.Round(trained.Accuracy, 4)),
            backbone.Spec.Notes
        );
        Assert.InRange(AccuracyAtTheCentre(backbone, work.Test), 0.9, 1);
    }

    [Fact]
    public void Train_CheckpointOfAnotherTraining_IsRefused()
    {
        var recorder = new Recorder();
        Train(Tiny, recorder);
        var checkpoint = recorder.Checkpoints[3];
        BackboneTraining[] others =
        [
            Tiny with
            {
                Seed = 2,
            },
            Tiny with
            {
                Epochs = 4,
            },
            Tiny with
            {
                Batch = 8,
            },
            Tiny with
            {
                PeakRate = 0.01,
            },
            Tiny with
            {
                Train = Squares(22, 9),
            },
            Tiny with
            {
                Spec = Tiny.Spec with { Width = 8 },
            },
        ];

        Assert.All(
            others,
            work =>
                Assert.Equal(
                    "training-checkpoint",
                    Assert
                        .Throws<InputException>(() => Train(work with { Checkpoint = checkpoint }, new Recorder()))
                        .Code
                )
        );
        Assert.Equal(
            "weights-file",
            Assert
                .Throws<InputException>(() => Train(Tiny with { Checkpoint = checkpoint[..500] }, new Recorder()))
                .Code
        );
    }

    [Fact]
    public void Train_SettingsOutOfRange_AreRefused()
    {
        var empty = new ObjectPool([], [], Classes);
        BackboneTraining[] bad =
        [
            Tiny with
            {
                Epochs = 0,
            },
            Tiny with
            {
                Batch = 1,
            },
            Tiny with
            {
                Batch = 67,
            },
            Tiny with
            {
                PeakRate = 0,
            },
            Tiny with
            {
                PeakRate = double.NaN,
            },
            Tiny with
            {
                WeightDecay = -1,
            },
            Tiny with
            {
                Test = empty,
            },
            Tiny with
            {
                Spec = BackboneSpec.Cifar(4, [1, 1], Classes, inputSize: 40),
            },
            Tiny with
            {
                Spec = BackboneSpec.Cifar(4, [1, 1], ["red", "green"], inputSize: 32),
            },
        ];

        Assert.All(
            bad,
            work =>
                Assert.Equal("settings-invalid", Assert.Throws<InputException>(() => Train(work, new Recorder())).Code)
        );
    }

    [Fact]
    public void Train_FinishedCancelledOrRefused_LeavesNoLiveTensor()
    {
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var recorder = new Recorder();
        Train(Tiny, recorder);
        Assert.Throws<OperationCanceledException>(() => Train(Tiny, new Recorder { StopAfter = 2 }));
        Assert.Throws<InputException>(() =>
            Train(Tiny with { Seed = 2, Checkpoint = recorder.Checkpoints[0] }, new Recorder())
        );

        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory] // torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.2, total_steps=20)
    [InlineData(0, 0.008000000000000007, 0.95)]
    [InlineData(2, 0.07433436854000505, 0.9154508497187474)]
    [InlineData(5, 0.2, 0.85)]
    [InlineData(6, 0.19749280124701749, 0.8512536043909088)]
    [InlineData(12, 0.1000004, 0.9)]
    [InlineData(19, 8e-07, 0.95)]
    public void OneCycle_At_IsPyTorchs(int step, double rate, double momentum)
    {
        var at = new OneCycle(0.2, 20).At(step);

        Assert.Equal(rate, at.Rate, 1e-12);
        Assert.Equal(momentum, at.Momentum, 1e-12);
    }

    /// <summary>66 objects in batches of 16: 4 steps an epoch, 12 in all.</summary>
    private static BackboneTraining Tiny { get; } =
        new()
        {
            Spec = BackboneSpec.Cifar(4, [1, 1], Classes, inputSize: 32),
            Train = Squares(22, 1),
            Test = Squares(6, 2),
            TrainedOn = "squares",
            Epochs = 3,
            Batch = 16,
            Seed = 1,
        };

    private static TrainedBackbone Train(BackboneTraining work, Recorder recorder) =>
        BackboneTrainer.Train(work, CPU, TimeSpan.Zero, recorder, TimeProvider.System, recorder.Cancellation);

    /// <summary>16x16 pictures in the colour of their class, with noise.</summary>
    private static ObjectPool Squares(int perClass, ulong seed)
    {
        var labels = Enumerable
            .Range(0, Classes.Length)
            .SelectMany(label => Enumerable.Repeat(label, perClass))
            .ToArray();
        var rgb = new byte[labels.Length * ObjectPool.BytesPerObject];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(
                CounterRandom.Below(80, seed, 0, (ulong)i) + (i % 3 == labels[i / ObjectPool.BytesPerObject] ? 170 : 30)
            );
        return new ObjectPool(rgb, labels, Classes);
    }

    /// <summary>Through the frozen float32 network, on a plain canvas.</summary>
    private static double AccuracyAtTheCentre(Backbone backbone, ObjectPool objects)
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(objects.Rgb.Select(b => (b - 120f) / 64).ToArray(), [objects.Count, 16, 16, 3])
            .permute(0, 3, 1, 2);
        var canvas = zeros(objects.Count, 3, 32, 32);
        canvas.narrow(2, 8, 16).narrow(3, 8, 16).copy_(pixels);
        var logits = backbone.Prefix(canvas, Cut.Pool).matmul(backbone.HeadWeight.t()) + backbone.HeadBias;
        return logits
            .argmax(1)
            .eq(tensor(objects.Labels.Select(l => (long)l).ToArray()))
            .to(ScalarType.Float32)
            .mean()
            .item<float>();
    }

    private sealed class Recorder : ITrainingObserver
    {
        private readonly CancellationTokenSource _cancellation = new();

        public List<byte[]> Checkpoints { get; } = [];

        public TrainingProgress? Last { get; private set; }

        public int? StopAfter { get; init; }

        public CancellationToken Cancellation => _cancellation.Token;

        public void Report(TrainingProgress progress) => Last = progress;

        public void Checkpoint(byte[] state)
        {
            Checkpoints.Add(state);
            if (Checkpoints.Count == StopAfter)
                _cancellation.Cancel();
        }
    }
}
