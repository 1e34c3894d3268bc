using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using TorchSharp;

namespace ComodCluster.Engine.Tests.Execution;

public class AdaptationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Method.Readout, ReadoutMode.Head)]
    [InlineData(Method.Gain, ReadoutMode.Head)]
    [InlineData(Method.Comodulation, ReadoutMode.Head)]
    [InlineData(Method.Readout, ReadoutMode.Own)]
    [InlineData(Method.Gain, ReadoutMode.Own)]
    [InlineData(Method.Comodulation, ReadoutMode.Own)]
    public async Task Adapt_EveryArmAndReadoutMode_LowersTheLoss(Method method, ReadoutMode mode)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 24);
        var result = (await engine.Adapt(Tiny.Work(pack, mode, Tiny.Settings with { Method = method, Steps = 40 }), new Recorder(), Cancellation)).Single();
        Assert.Equal(24, result.Metrics.Test!.Images);
        var reference = mode == ReadoutMode.Own && method == Method.Readout ? Math.Log(3) : result.Metrics.BaseTest!.Nll * (mode == ReadoutMode.Own ? 1.3 : 1);
        Assert.True(result.Metrics.Test.Nll < reference, $"{result.Metrics.Test.Nll} against {reference}");
        Assert.True(result.DeviceSeconds > 0);
    }

    [Fact]
    public async Task Adapt_AloneOrAmongOthers_GivesTheSameBits()
    {
        using Pack one = new(), two = new();
        var settings = Tiny.Settings with { Seed = 3 };
        byte[] alone, among;
        await using (var engine = await Tiny.Engine()) alone = (await engine.Adapt(Tiny.Work(one.Value, settings), new Recorder(), Cancellation))[0].State.Serialize();
        await using (var engine = await Tiny.Engine())
        {
            // Neighbours of other arms, seeds, granularities and data sets; one of them leaves the finite range at its first step.
            var others = engine.Adapt(
                Tiny.Work(two.Value, settings with { Seed = 4, Granularity = Granularity.Channel }, settings with { Method = Method.Gain },
                    settings with { Granularity = Granularity.Spatial, NonNegative = true }), new Recorder(), Cancellation);
            var diverging = engine.Adapt(Tiny.Work(two.Value, settings with { Cap = 20, LearningRate = 10, Mu = 100, Sigma = 10 }), new Recorder(), Cancellation);
            var result = await engine.Adapt(
                Tiny.Work(one.Value, settings with { Seed = 9 }, settings, settings with { Seed = 10 }), new Recorder(), Cancellation);
            among = result[1].State.Serialize();
            await others;
            await Task.WhenAny(diverging);
        }
        Assert.Equal(alone, among);
    }

    [Fact]
    public async Task Adapt_ResumedFromACheckpoint_GivesTheSameBits()
    {
        using Pack pack = new();
        var rows = new[] { Tiny.Settings with { Steps = 60, Seed = 1 }, Tiny.Settings with { Steps = 60, Method = Method.Gain } };
        var options = new EngineOptions { Device = "cpu", Threads = 1, CheckpointEvery = TimeSpan.FromMilliseconds(100) };
        IReadOnlyList<RowResult> whole;
        await using (var engine = await Tiny.Engine(options)) whole = await engine.Adapt(Tiny.Work(pack.Value, rows), new Recorder(), Cancellation);

        byte[]? kept = null;
        await using (var engine = await Tiny.Engine(options))
        {
            using var stop = new CancellationTokenSource();
            var recorder = new Recorder { OnCheckpoint = state => { kept ??= state; stop.Cancel(); } };
            var work = Tiny.Work(pack.Value, [.. rows.Select(r => r with { Steps = 60 })]);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Adapt(work, recorder, stop.Token));
        }
        Assert.NotNull(kept);
        await using (var engine = await Tiny.Engine(options))
        {
            var resumed = await engine.Adapt(Tiny.Work(pack.Value, rows) with { Checkpoint = kept }, new Recorder(), Cancellation);
            for (var i = 0; i < rows.Length; i++) Assert.Equal(whole[i].State.Serialize(), resumed[i].State.Serialize());
        }
    }

    [Fact]
    public async Task Adapt_ThenDispose_LeavesBackboneAndLiveTensorsAsTheyWere()
    {
        using Pack pack = new();
        var before = torch.Tensor.TotalCount;
        await using (var engine = await Tiny.Engine())
        {
            var digest = await engine.ParameterBytesDigest(Tiny.Digest);
            var loaded = engine.Statistics.LiveTensors;
            var work = Tiny.Work(pack.Value, Tiny.Settings, Tiny.Settings with { Method = Method.Gain });
            await engine.Adapt(work, new Recorder(), Cancellation);
            var first = engine.Statistics.LiveTensors;
            for (var i = 0; i < 5; i++) await engine.Adapt(work, new Recorder(), Cancellation);
            await engine.UnloadBackbone("none"); // a command runs between two pieces of work: the tables are given back by then
            Assert.True(engine.Statistics.LiveTensors <= first, $"{loaded} {first} {engine.Statistics.LiveTensors}");
            Assert.Equal(digest, await engine.ParameterBytesDigest(Tiny.Digest));
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(90, false)]
    public async Task Adapt_WithTheGate_DecidesOnImagesOfItsOwn(int examples, bool crossValidated)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(96, 12);
        foreach (var mode in new[] { ReadoutMode.Head, ReadoutMode.Own })
        {
            var result = (await engine.Adapt(
                Tiny.Work(pack, mode, Tiny.Settings with { Gate = GatePolicy.Auto, Examples = examples }), new Recorder(), Cancellation)).Single();
            Assert.NotNull(result.Gate);
            Assert.Contains(crossValidated ? "on 40 images" : "on 18 images", result.Gate.Reason, StringComparison.Ordinal);
            Assert.Equal(examples, result.Examples);
        }
    }

    [Fact]
    public async Task Adapt_Attributes_LearnsIndependentOutputs()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.AttributePack(48, 24);
        var result = (await engine.Adapt(Tiny.Work(pack, Tiny.Settings with { Steps = 40 }), new Recorder(), Cancellation)).Single();
        Assert.Equal(LossKind.Attributes, result.State.Task.Loss);
        Assert.True(result.Metrics.Test!.Accuracy > 0.75, result.Metrics.Test.ToString());
    }

    [Fact]
    public async Task Predict_AServedState_IsTheMeasuredOneAndDoesNotDependOnNeighbours()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack();
        var results = await engine.Adapt(Tiny.Work(pack, Tiny.Settings, Tiny.Settings with { Method = Method.Readout }), new Recorder(), Cancellation);
        var images = pack.Indices(DatasetSplit.Test).Select(i => pack.ReadImage(i).ToArray()).ToArray();
        var served = ServedTask.Of(TaskState.Parse(results[0].State.Serialize()));
        var other = ServedTask.Of(results[1].State);

        var alone = await engine.Predict(served, images, Cancellation);
        var mixed = await Task.WhenAll(images.Select(i => engine.Predict(served, [i], Cancellation)).Concat(images.Select(i => engine.Predict(other, [i], Cancellation))));
        for (var i = 0; i < images.Length; i++) Assert.Equal(alone[i], mixed[i][0]);
        var right = alone.Select((p, i) => Array.IndexOf(p, p.Max()) == pack.Labels(pack.Indices(DatasetSplit.Test)[i])[0]).Average(r => r ? 1.0 : 0);
        Assert.Equal(results[0].Metrics.Test!.Accuracy, right, 6);
        Assert.All(alone, p => Assert.Equal(1, p.Sum(), 5));
    }

    [Fact]
    public async Task Adapt_ThatLeavesTheFiniteRange_FailsWithWhatWasSeenAndTheEngineGoesOn()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack();
        var wild = Tiny.Settings with { Cap = 20, LearningRate = 10, GainForm = GainForm.Exponential, Cut = "stem", Steps = 400, Penalty = 0, Mu = 100, Sigma = 10 };
        var e = await Record.ExceptionAsync(() => engine.Adapt(Tiny.Work(pack, wild), new Recorder(), Cancellation));
        if (e is not null) Assert.IsType<AdaptationDivergedException>(e);
        Assert.Single(await engine.Adapt(Tiny.Work(pack, Tiny.Settings), new Recorder(), Cancellation));
    }

    private sealed class Pack : IDisposable
    {
        public DatasetPack Value { get; } = Tiny.Pack();

        public void Dispose() => Value.Dispose();
    }
}
