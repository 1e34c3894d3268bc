using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Metrics;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Execution;

public class AdaptationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Method> Methods { get; } = new(Enum.GetValues<Method>());

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Adapt_EveryMethod_LowersTheLossOfAFixedHead(Method method)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 24);
        var result = (
            await engine.Adapt(
                Tiny.Work(pack, ReadoutMode.Head, Tiny.SettingsOf(method) with { Steps = 40 }),
                new Recorder(),
                Cancellation
            )
        ).Single();
        Assert.Equal(24, result.Metrics.Test!.Images);
        Assert.True(
            result.Metrics.Test.Nll < result.Metrics.BaseTest!.Nll,
            $"{result.Metrics.Test.Nll} against {result.Metrics.BaseTest.Nll}"
        );
        Assert.True(result.DeviceSeconds > 0);
        Assert.InRange(result.Metrics.Calibrated!.Temperature, TemperatureScaling.Least, TemperatureScaling.Most);
        Assert.InRange(result.Metrics.Calibrated.Ece, 0, 1);
    }

    [Theory]
    [InlineData(Method.Readout, "pool", 0)]
    [InlineData(Method.Gain, "layer2", 16 + 16)]
    [InlineData(Method.TrainedG, "layer2", 16 + 16 + 32)]
    [InlineData(Method.Film, "layer1", 2 * (8 + 16 + 32))]
    [InlineData(Method.BnAffine, "input", 2 * (3 * 8 + 3 * 16 + 3 * 32))]
    [InlineData(
        Method.Lora,
        "stem",
        3 * (2 * (8 * 9 + 8) + (8 * 9 + 16) + (16 * 9 + 16) + (8 + 16) + (16 * 9 + 32) + (32 * 9 + 32) + (16 + 32))
    )]
    [InlineData(
        Method.Full,
        "input",
        3 * 8 * 9
            + 2 * 8 * 8 * 9
            + 8 * 16 * 9
            + 16 * 16 * 9
            + 8 * 16
            + 16 * 32 * 9
            + 32 * 32 * 9
            + 16 * 32
            + 3 * 8
            + 3 * 16
            + 3 * 32
    )]
    public async Task Adapt_AnyMethod_CountsItsParametersAndSaysFromWhereItRan(
        Method method,
        string cachedTo,
        int trained
    )
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack();
        var work = Tiny.Work(pack, Tiny.SettingsOf(method) with { Cut = "layer2", Rank = 3, Steps = 2 });
        Assert.Equal(cachedTo, (await engine.Needs(work)).Places);
        var result = (await engine.Adapt(work, new Recorder(), Cancellation)).Single();
        Assert.Equal(cachedTo, result.CachedTo);
        // The readout alone is trained for method readout: 3 rows of the head with their biases.
        Assert.Equal(method == Method.Readout ? 3 * (32 + 1) : trained, result.TrainedParameters);
        Assert.Equal(ServedTask.Of(result.State).Cut.ToString(), cachedTo);
    }

    [Fact]
    public async Task Adapt_AllWeights_LeavesThemOutOfCheckpointsAndPredictionsRunBetweenItsBatches()
    {
        await using var engine = await Tiny.Engine(
            Tiny.Options with
            {
                CheckpointEvery = TimeSpan.FromMilliseconds(100),
            }
        );
        using var pack = Tiny.Pack();
        var task = ServedTask.Base(TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null), Tiny.Digest);
        var image = pack.ReadImage(0).ToArray();
        using var stop = new CancellationTokenSource();
        var saved = new TaskCompletionSource<byte[]>();
        var recorder = new Recorder { OnCheckpoint = state => saved.TrySetResult(state) };
        var work = engine.Adapt(
            Tiny.Work(pack, Tiny.SettingsOf(Method.Full) with { Steps = 100_000 }),
            recorder,
            stop.Token
        );
        Assert.Equal(["empty"], SafeTensors.Read(await saved.Task.WaitAsync(Cancellation)).Tensors.Keys);
        Assert.Single(await engine.Predict(task, [image], Tiny.Tenant, Cancellation));
        Assert.False(work.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    [Fact]
    public async Task Adapt_AloneOrAmongOthers_GivesTheSameBits()
    {
        using Pack one = new(),
            two = new();
        var settings = Tiny.Settings with { Seed = 3 };
        byte[] alone,
            among;
        await using (var engine = await Tiny.Engine())
            alone = (await engine.Adapt(Tiny.Work(one.Value, settings), new Recorder(), Cancellation))[0]
                .State.Serialize();
        await using (var engine = await Tiny.Engine())
        {
            // Neighbours of other methods, seeds, granularities and data sets; one of them leaves the finite range at
            // its first step.
            var others = engine.Adapt(
                Tiny.Work(
                    two.Value,
                    settings with
                    {
                        Seed = 4,
                        Granularity = Granularity.Channel,
                    },
                    settings with
                    {
                        Method = Method.Gain,
                    },
                    settings with
                    {
                        Granularity = Granularity.Spatial,
                    }
                ),
                new Recorder(),
                Cancellation
            );
            var diverging = engine.Adapt(
                Tiny.Work(two.Value, settings with { Cap = 20, LearningRate = 10, Mu = 100, Sigma = 10 }),
                new Recorder(),
                Cancellation
            );
            var result = await engine.Adapt(
                Tiny.Work(one.Value, settings with { Seed = 9 }, settings, settings with { Seed = 10 }),
                new Recorder(),
                Cancellation
            );
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
        TaskSettings[] rows =
        [
            Tiny.Settings with
            {
                Steps = 60,
                Seed = 1,
            },
            .. Tiny.EveryMethod.Select(s => s with { Steps = 60 }),
        ];
        var options = Tiny.Options with { CheckpointEvery = TimeSpan.FromMilliseconds(100) };
        IReadOnlyList<TrialResult> whole;
        await using (var engine = await Tiny.Engine(options))
            whole = await engine.Adapt(Tiny.Work(pack.Value, rows), new Recorder(), Cancellation);

        byte[]? kept = null;
        await using (var engine = await Tiny.Engine(options))
        {
            using var stop = new CancellationTokenSource();
            var recorder = new Recorder
            {
                OnCheckpoint = state =>
                {
                    kept ??= state;
                    stop.Cancel();
                },
            };
            var work = Tiny.Work(pack.Value, rows);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Adapt(work, recorder, stop.Token));
        }
        Assert.NotNull(kept);
        await using (var engine = await Tiny.Engine(options))
        {
            var resumed = await engine.Adapt(
                Tiny.Work(pack.Value, rows) with
                {
                    Checkpoint = kept,
                },
                new Recorder(),
                Cancellation
            );
            for (var i = 0; i < rows.Length; i++)
                Assert.Equal(whole[i].State.Serialize(), resumed[i].State.Serialize());
        }
    }

    [Fact]
    public async Task Adapt_ThenDispose_LeavesBackboneAndLiveTensorsAsTheyWere()
    {
        using Pack pack = new();
        var before = Tiny.LiveTensors();
        await using (var engine = await Tiny.Engine())
        {
            var digest = await engine.ParameterBytesDigest(Tiny.Digest);
            var loaded = engine.Statistics.LiveTensors;
            var work = Tiny.Work(pack.Value, Tiny.EveryMethod);
            await engine.Adapt(work, new Recorder(), Cancellation);
            var first = engine.Statistics.LiveTensors;
            for (var i = 0; i < 5; i++)
                await engine.Adapt(work, new Recorder(), Cancellation);
            // a command runs between two pieces of work: the tables are given back by then
            await engine.UnloadBackbone("none");
            Assert.True(engine.Statistics.LiveTensors <= first, $"{loaded} {first} {engine.Statistics.LiveTensors}");
            Assert.Equal(digest, await engine.ParameterBytesDigest(Tiny.Digest));
        }
        Assert.Equal(before, Tiny.LiveTensors());
    }

    /// <summary>A backbone that nobody needs goes also while others adapt; one that adapts stays until the
    /// end.</summary>
    [Fact]
    public async Task UnloadBackbone_WhileAnAdaptationRuns_FreesAllButItsOwn()
    {
        using Pack pack = new();
        await using var engine = await Tiny.Engine();
        var other = SafeTensors.Write(
            [.. SafeTensors.Read(Tiny.Weights).Tensors.Values],
            new Dictionary<string, string>(SafeTensors.Read(Tiny.Weights).Metadata) { ["note"] = "another file" }
        );
        var idle = await engine.LoadBackbone(other, null, null, Cancellation);
        Task<(bool Own, bool Other)>? unloading = null;
        await engine.Adapt(
            Tiny.Work(pack.Value, Tiny.EveryMethod),
            new Recorder { OnReport = _ => unloading ??= Both() },
            Cancellation
        );
        Assert.Equal((false, true), await unloading!);
        Assert.Equal([Tiny.Digest], engine.Backbones.Keys);
        Assert.True(await engine.UnloadBackbone(Tiny.Digest));
        Assert.Empty(engine.Backbones);

        async Task<(bool, bool)> Both() =>
            (await engine.UnloadBackbone(Tiny.Digest), await engine.UnloadBackbone(idle.Digest));
    }

    /// <summary>The steps are not all of the way: the test images are measured after them.</summary>
    [Fact]
    public async Task Report_WhileTestImagesAreMeasured_GoesOn()
    {
        await using var engine = new TaskEngine(Tiny.Options, new HurryingTime());
        await engine.LoadBackbone(Tiny.Weights, Tiny.Digest, null, Cancellation);
        using var pack = Tiny.Pack(36, 300);
        var recorder = new Recorder();
        await engine.Adapt(Tiny.Work(pack, Tiny.Settings), recorder, Cancellation);
        var measuring = recorder.Reports.Where(report => report.Activity == "measuring").ToArray();
        Assert.InRange(measuring.Select(report => report.Fraction).Distinct().Count(), 3, int.MaxValue);
        Assert.Equal(recorder.Reports.Select(r => r.Fraction).Order(), recorder.Reports.Select(r => r.Fraction));
        Assert.All(measuring[..^1], report => Assert.InRange(report.SecondsLeft!.Value, 0.001, double.MaxValue));
    }

    /// <summary>Whoever looks finds a second later.</summary>
    private sealed class HurryingTime : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * TimestampFrequency;
    }

    [Fact]
    public async Task Adapt_WithPatience_KeepsTheBestStepAndTakesFewer()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 4);
        // A rate far too high: the held-out loss soon gets worse.
        var settings = Tiny.Settings with
        {
            Steps = 60,
            EvaluateEvery = 1,
            LearningRate = 0.5,
        };
        var whole = (await engine.Adapt(Tiny.Work(pack, settings), new Recorder(), Cancellation))[0];
        Assert.Equal(60, whole.Curve.Count);
        var stopped = (
            await engine.Adapt(Tiny.Work(pack, settings with { Patience = 5 }), new Recorder(), Cancellation)
        )[0];
        Assert.InRange(stopped.Curve.Count, 6, 59);
        Assert.Equal(whole.Curve.Take(stopped.Curve.Count), stopped.Curve);
        Assert.Equal(stopped.Curve.MinBy(p => p.HeldOutLoss)!.Step, stopped.Steps);
        Assert.Equal(5, stopped.Curve.Count(p => p.Step > stopped.Steps));
    }

    [Fact]
    public async Task Adapt_JobsThatDoNotFitTogether_WaitAndOneThatNeverFitsIsRefused()
    {
        await using var engine = await Tiny.Engine(Tiny.Options with { TableBytes = 1 << 20 });
        using var pack = Tiny.Pack();
        var many = Enumerable.Range(0, 100).Select(seed => Tiny.Settings with { Seed = seed, Steps = 3 }).ToArray();
        var jobs = Enumerable
            .Range(0, 4)
            .Select(_ => engine.Adapt(Tiny.Work(pack, many), new Recorder(), Cancellation))
            .ToArray();
        using var stop = new CancellationTokenSource();
        var waiting = engine.Adapt(Tiny.Work(pack, many), new Recorder(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var results = await Task.WhenAll(jobs);
        for (var i = 0; i < many.Length; i++)
            Assert.Equal(results[0][i].State.Serialize(), results[3][i].State.Serialize());

        var tooMany = Enumerable
            .Range(0, 4_000)
            .Select(seed => Tiny.Settings with { Seed = seed, Steps = 3 })
            .ToArray();
        var e = await Assert.ThrowsAsync<InputException>(() =>
            engine.Adapt(Tiny.Work(pack, tooMany), new Recorder(), Cancellation)
        );
        Assert.Equal("job-too-large", e.Code);
        Assert.Contains("TableBytes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapt_OnTheDeviceUnderTestInItsPrecision_AgreesWithTheProcessorInFloat32()
    {
        using var pack = Tiny.Pack(96, 96);
        var rows = Enumerable.Range(0, 4).Select(seed => Tiny.Settings with { Seed = seed, Steps = 60 }).ToArray();
        await using var there = await Tiny.Engine();
        await using var here = await Tiny.Engine(Tiny.Options with { Device = "cpu", Precision = "float32" });
        var results = await Task.WhenAll(
            there.Adapt(Tiny.Work(pack, ReadoutMode.Own, rows), new Recorder(), Cancellation),
            here.Adapt(Tiny.Work(pack, ReadoutMode.Own, rows), new Recorder(), Cancellation)
        );
        Assert.All(results[1], r => Assert.True(r.Metrics.Test!.Accuracy > 0.6));
        Assert.Equal(
            results[1].Average(r => r.Metrics.Test!.Accuracy),
            results[0].Average(r => r.Metrics.Test!.Accuracy),
            0.01
        );
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
            var result = (
                await engine.Adapt(
                    Tiny.Work(pack, mode, Tiny.Settings with { Gate = GatePolicy.Auto, Examples = examples }),
                    new Recorder(),
                    Cancellation
                )
            ).Single();
            Assert.NotNull(result.Gate);
            Assert.Contains(
                crossValidated ? "on 40 images" : "on 18 images",
                result.Gate.Reason,
                StringComparison.Ordinal
            );
            Assert.Equal(examples, result.Examples);
        }
    }

    [Fact]
    public async Task Adapt_Attributes_LearnsIndependentOutputs()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.AttributePack(48, 24);
        var result = (
            await engine.Adapt(Tiny.Work(pack, Tiny.Settings with { Steps = 40 }), new Recorder(), Cancellation)
        ).Single();
        Assert.Equal(LossKind.Attributes, result.State.Task.Loss);
        Assert.True(result.Metrics.Test!.Accuracy > 0.75, result.Metrics.Test.ToString());
    }

    [Fact]
    public async Task Predict_AServedState_IsTheMeasuredOneAndDoesNotDependOnNeighbours()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack();
        var results = await engine.Adapt(
            Tiny.Work(pack, Tiny.Settings, Tiny.Settings with { Method = Method.Readout }),
            new Recorder(),
            Cancellation
        );
        var images = pack.Indices(DatasetSplit.Test).Select(i => pack.ReadImage(i).ToArray()).ToArray();
        var served = ServedTask.Of(TaskState.Parse(results[0].State.Serialize()));
        var other = ServedTask.Of(results[1].State);

        var alone = await engine.Predict(served, images, Tiny.Tenant, Cancellation);
        var mixed = await Task.WhenAll(
            images
                .Select(i => engine.Predict(served, [i], Tiny.Tenant, Cancellation))
                .Concat(images.Select(i => engine.Predict(other, [i], Tiny.Tenant, Cancellation)))
        );
        for (var i = 0; i < images.Length; i++)
            Assert.Equal(alone[i], mixed[i][0]);
        var right = alone
            .Select((p, i) => Array.IndexOf(p, p.Max()) == pack.Labels(pack.Indices(DatasetSplit.Test)[i])[0])
            .Average(r => r ? 1.0 : 0);
        Assert.Equal(results[0].Metrics.Test!.Accuracy, right, 6);
        Assert.All(alone, p => Assert.Equal(1, p.Sum(), 5));
    }

    [Fact]
    public async Task Adapt_ThatLeavesTheFiniteRange_FailsWithWhatWasSeenAndTheEngineGoesOn()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack();
        var wild = Tiny.Settings with
        {
            Cap = 20,
            LearningRate = 10,
            GainForm = GainForm.Exponential,
            Cut = "stem",
            Steps = 400,
            Penalty = 0,
            Mu = 100,
            Sigma = 10,
        };
        var e = await Record.ExceptionAsync(() => engine.Adapt(Tiny.Work(pack, wild), new Recorder(), Cancellation));
        if (e is not null)
            Assert.IsType<AdaptationDivergedException>(e);
        Assert.Single(await engine.Adapt(Tiny.Work(pack, Tiny.Settings), new Recorder(), Cancellation));
    }

    private sealed class Pack : IDisposable
    {
        public DatasetPack Value { get; } = Tiny.Pack();

        public void Dispose() => Value.Dispose();
    }
}
