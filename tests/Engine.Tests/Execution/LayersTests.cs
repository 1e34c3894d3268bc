using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Native;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>Several modulated layers that share one modulator.</summary>
public class LayersTests
{
    // Two blocks of one shape in the first stage: lists that differ only in which of them they name have tables of the
    // same sizes.
    private static readonly BackboneSpec Deep = BackboneSpec.Cifar(8, [2, 1, 1], Tiny.Classes, Tiny.Side);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TaskSettings Three { get; } = Tiny.Settings with { Also = "layer2,layer3" };

    [Fact]
    public void Between_AnyTwoCuts_ContinuesThePrefixBitByBit()
    {
        using var backbone = Backbone.Load(Tiny.MakeWeights(Deep), CPU);
        using var scope = NewDisposeScope();
        var images = Normals(1, 2, 3, Tiny.Side, Tiny.Side);
        Cut[] cuts = [.. backbone.Cuts.Where(c => c != Cut.Pool)];
        for (var from = 0; from < cuts.Length; from++)
        {
            for (var to = from + 1; to < cuts.Length; to++)
            {
                var expected = HostTensors.Read(backbone.Prefix(images, cuts[to])).ToArray();
                Assert.Equal(
                    expected,
                    HostTensors
                        .Read(backbone.Between(backbone.Prefix(images, cuts[from]), cuts[from], cuts[to]))
                        .ToArray()
                );
            }
        }
    }

    [Fact]
    public void DefaultCut_IsTheEndOfTheStageBeforeTheLast()
    {
        Assert.Equal("layer2", TaskLayers.DefaultCut(Tiny.Spec)); // of three
        Assert.Equal("layer1", TaskLayers.DefaultCut(Tiny.Spec with { Blocks = [1] }));
        Assert.Equal("layer3", TaskLayers.DefaultCut(Tiny.Spec with { Blocks = [2, 2, 2, 2] }));
    }

    [Theory]
    [InlineData(GainForm.Exponential, false)]
    [InlineData(GainForm.Rectified, false)]
    [InlineData(GainForm.Exponential, true)]
    public void Features_OfThreeLayers_AreModulatedAndRunOneAfterTheOther(GainForm form, bool modulatorsOfChannels)
    {
        using var backbone = Backbone.Load(Tiny.Weights, CPU);
        using var scope = NewDisposeScope();
        var settings = Three with { Grid = 3, GainForm = form };
        var change = NetworkChange.Of(NetworkPart.Couplings);
        var shape = change.ShapeOf(backbone, Cut.AfterStage(1), settings);
        Assert.Equal(new ChangeShape(8 + 16 + 32, 1, 3 * 9), shape);
        var h = backbone.Prefix(Normals(1, 4, 3, Tiny.Side, Tiny.Side), Cut.AfterStage(1));
        Tensor u = Normals(2, 2, shape.U) * 0.5f,
            v = Normals(3, 2, 1, shape.VWidth) * 0.5f;
        var modulator = 1 + 0.3f * (modulatorsOfChannels ? Normals(4, 2, shape.U) : Normals(4, 2, 1));
        float[] bound = [0.4f, 3]; // the first segment is capped
        var parameters = new ChangeParameters(u, v, modulator, tensor(bound, [2, 1]), form, FurtherLayers.Of(settings));

        var features = HostTensors.Read(change.Features(backbone, h, Cut.AfterStage(1), parameters)).ToArray();

        var (channel, cell, at) = (0, 0, Cut.AfterStage(1));
        foreach (var stage in new[] { 1, 2, 3 })
        {
            if (stage > 1)
                h = backbone.Between(h, at, Cut.AfterStage(stage));
            at = Cut.AfterStage(stage);
            h = ByHand(h, channel, cell);
            (channel, cell) = (channel + (int)h.shape[1], cell + 9);
        }
        var expected = HostTensors.Read(backbone.Suffix(h, at)).ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], features[i], 1e-4 * Math.Max(1, Math.Abs(expected[i])));

        Tensor ByHand(Tensor x, int firstChannel, int firstCell)
        {
            int channels = (int)x.shape[1],
                side = (int)x.shape[2];
            var gains = new float[4 * channels * side * side];
            for (var (row, i) = (0, 0); row < 4; row++)
            {
                var segment = row / 2;
                float Of(Tensor all, int index) => all[segment, index].item<float>();
                for (var c = 0; c < channels; c++)
                {
                    var m = modulator[segment, modulatorsOfChannels ? firstChannel + c : 0].item<float>();
                    var ofChannel = Of(u, firstChannel + c);
                    float[] ofCells = [.. Enumerable.Range(firstCell, 9).Select(k => Of(v.squeeze(1), k))];
                    for (var y = 0; y < side; y++)
                    {
                        for (var z = 0; z < side; z++, i++)
                        {
                            var coupling = Math.Clamp(
                                ofChannel + ofCells[y * 3 / side * 3 + z * 3 / side],
                                -bound[segment],
                                bound[segment]
                            );
                            gains[i] =
                                form == GainForm.Exponential ? MathF.Exp(coupling * m) : MathF.Max(0, 1 + coupling * m);
                        }
                    }
                }
            }
            return x * tensor(gains, [4, channels, side, side]);
        }
    }

    [Fact]
    public void Features_Gradient_ReachesEachLayerAndAgreesWithFiniteDifferences()
    {
        using var backbone = Backbone.Load(Tiny.Weights, CPU);
        using var scope = NewDisposeScope();
        var change = NetworkChange.Of(NetworkPart.Couplings);
        var shape = change.ShapeOf(backbone, Cut.AfterStage(1), Three);
        var h = backbone.Prefix(Normals(1, 4, 3, Tiny.Side, Tiny.Side), Cut.AfterStage(1));
        var direction = Normals(5, 1, backbone.FeatureWidth);
        Tensor u = Normals(2, 1, shape.U) * 0.1f,
            v = Normals(3, 1, 1, shape.VWidth) * 0.1f;
        Tensor Objective(Tensor us, Tensor vs) =>
            (
                change.Features(
                    backbone,
                    h,
                    Cut.AfterStage(1),
                    new(us, vs, ones(1, 1), full(1, 1, 3f), GainForm.Exponential, FurtherLayers.Of(Three))
                ) * direction
            ).sum();

        Tensor uLeaf = u.clone().requires_grad_(true),
            vLeaf = v.clone().requires_grad_(true);
        var gradients = autograd.grad([Objective(uLeaf, vLeaf)], [uLeaf, vLeaf]);

        const float Step = 5e-3f;
        foreach (var (from, length) in new[] { (0, 8), (8, 16), (24, 32) })
            Check(gradients[0], from, length, along => Objective(u + along, v));
        foreach (var from in new[] { 0, 16, 32 })
            Check(gradients[1], from, 16, along => Objective(u, v + along));

        void Check(Tensor gradient, int from, int length, Func<Tensor, Tensor> at)
        {
            var along = zeros_like(gradient);
            along.narrow(-1, from, length).copy_(gradient.narrow(-1, from, length));
            var norm = along.norm().item<float>();
            Assert.True(norm > 1e-3, $"no gradient from {from} on");
            var slope = (at(along / norm * Step) - at(-along / norm * Step)).item<float>() / (2 * Step);
            Assert.True(
                Math.Abs(slope - norm) < 0.03 * norm + 1e-3,
                $"from {from} on: {slope} by finite differences, {norm} by autograd"
            );
        }
    }

    public static TheoryData<Method, ReadoutMode, double> Trained { get; } =
        new()
        {
            { Method.Gain, ReadoutMode.Head, 1 },
            { Method.Comodulation, ReadoutMode.Head, 1 },
            { Method.Comodulation, ReadoutMode.Own, 1 },
            { Method.Comodulation, ReadoutMode.Head, 0.5 },
            { Method.Difference, ReadoutMode.Own, 1 },
            { Method.TrainedG, ReadoutMode.Head, 1 },
        };

    [Theory]
    [MemberData(nameof(Trained))]
    public async Task Adapt_SeveralLayers_TrainsEachAndLowersTheLoss(Method method, ReadoutMode mode, double rho)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 24);
        var settings = Tiny.SettingsOf(method) with
        {
            Also = Three.Also,
            Steps = 40,
            Rho = rho,
            Estimator = rho < 1 ? CovarianceEstimator.MonteCarlo : default,
            Samples = 4,
        };
        var work = Tiny.Work(pack, mode, settings);
        var result = (await engine.Adapt(work, new Recorder(), Cancellation)).Single();
        Assert.True(
            result.Metrics.Test!.Nll < result.Metrics.BaseTest!.Nll * (mode == ReadoutMode.Own ? 1.3 : 1),
            $"{result.Metrics.Test.Nll} against {result.Metrics.BaseTest.Nll}"
        );
        Assert.Equal(
            (8 + 16 + 32, 3 * 16, 1, 3 * 16),
            (result.State.Channel.Length, result.State.Spatial.Length, result.State.GridHeight, result.State.GridWidth)
        );
        foreach (
            var layer in new[]
            {
                result.State.Channel[..8],
                result.State.Channel[8..24],
                result.State.Channel[24..],
                result.State.Spatial[..16],
                result.State.Spatial[16..32],
                result.State.Spatial[32..],
            }
        )
            Assert.Contains(layer, x => Math.Abs(x) > 0.01);
        var readout = mode == ReadoutMode.Own ? 3 * (32 + 1) : 0;
        Assert.Equal(8 + 16 + 32 + 3 * 16 + readout + (method == Method.TrainedG ? 32 : 0), result.TrainedParameters);
        Assert.Equal("layer1", result.CachedTo);
    }

    [Theory]
    [InlineData(Granularity.Channel)]
    [InlineData(Granularity.Spatial)]
    [InlineData(Granularity.Unit)]
    public async Task Predict_AServedState_AnswersAsTheLaneThatWasEvaluated(Granularity granularity)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 24);
        var settings = Three with { Granularity = granularity };
        var results = await engine.Adapt(
            Tiny.Work(pack, settings, Tiny.Settings, settings with { Also = "layer3" }),
            new Recorder(),
            Cancellation
        );
        var state = TaskState.Parse(results[0].State.Serialize());
        Assert.Equal(settings.Also, state.Settings.Also);
        var (served, neighbours) = (
            ServedTask.Of(state),
            results.Skip(1).Select(r => ServedTask.Of(r.State)).ToArray()
        );
        var held = TrialPlan.Of(Tiny.Spec, pack, state.Task, settings).EarlyStopping;

        var answers = await Task.WhenAll(
            held.SelectMany(i =>
                neighbours
                    .Append(served)
                    .Select(t => engine.Predict(t, [pack.ReadImage(i).ToArray()], Tiny.Tenant, Cancellation))
            )
        );
        var alone = await engine.Predict(
            served,
            [.. held.Select(i => pack.ReadImage(i).ToArray())],
            Tiny.Tenant,
            Cancellation
        );

        for (var i = 0; i < held.Length; i++)
            Assert.Equal(alone[i], answers[i * 3 + 2][0]);
        var loss = held.Select((image, i) => -Math.Log(alone[i][Targets.ClassOf(state.Task, pack, image)])).Average();
        Assert.Equal(results[0].Metrics.HeldOutLoss!.Value, loss, 1e-3);
        Assert.NotEqual(results[1].Metrics.HeldOutLoss!.Value, loss, 1e-3);
        Assert.NotEqual(ServedKey.Of(served), ServedKey.Of(neighbours[1]));
        Assert.Equal(
            ServedKey.Of(served),
            ServedKey.Of(ServedTask.Of(results[0].State with { Settings = settings with { Seed = 7 } }))
        );
    }

    [Fact]
    public async Task Adapt_LanesWithDifferentLayersInOneJob_GiveTheBitsOfEachAlone()
    {
        var weights = Tiny.MakeWeights(Deep);
        using var pack = Tiny.Pack();
        var settings = Tiny.Settings with { Cut = "stem" };
        TaskSettings[] rows =
        [
            settings,
            .. new[] { "layer1.0", "layer1", "layer1,layer3", "layer2", "layer1.0" }.Select(
                (also, seed) => settings with { Also = also, Seed = seed }
            ),
        ];
        using (var backbone = Backbone.Load(weights, CPU))
        {
            var task = TaskDefinition.Resolve(Deep, pack.Manifest, null, null);
            var keys = rows.Select(r => TrialPlan.Of(Deep, pack, task, r).Group(backbone)).ToArray();
            Assert.Equal(keys[1].Slot, keys[2].Slot);
            Assert.Equal(keys[1], keys[5]);
            Assert.Equal(5, keys.Distinct().Count());
        }
        var together = await Run(rows);
        for (var i = 0; i < rows.Length; i++)
            Assert.Equal((await Run(rows[i]))[0], together[i]);

        async Task<byte[][]> Run(params TaskSettings[] some)
        {
            await using var engine = await Tiny.Engine();
            await engine.LoadBackbone(weights, null, null, Cancellation);
            var results = await engine.Adapt(
                Tiny.Work(pack, some) with
                {
                    BackboneDigest = SafeTensors.DigestOf(weights),
                },
                new Recorder(),
                Cancellation
            );
            return [.. results.Select(r => r.State.Serialize())];
        }
    }

    [Fact]
    public async Task Adapt_ResumedFromACheckpoint_GivesTheSameBits()
    {
        using var pack = Tiny.Pack();
        var rows = new[] { Three with { Steps = 60 }, Three with { Steps = 60, Also = "layer3" } };
        var options = Tiny.Options with { CheckpointEvery = TimeSpan.FromMilliseconds(100) };
        byte[]? kept = null;
        IReadOnlyList<TrialResult> whole;
        await using (var engine = await Tiny.Engine(options))
        {
            whole = await engine.Adapt(Tiny.Work(pack, rows), new Recorder(), Cancellation);
            using var stop = new CancellationTokenSource();
            var recorder = new Recorder
            {
                OnCheckpoint = state =>
                {
                    kept ??= state;
                    stop.Cancel();
                },
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                engine.Adapt(Tiny.Work(pack, rows), recorder, stop.Token)
            );
        }
        Assert.NotNull(kept);
        await using (var engine = await Tiny.Engine(options))
        {
            var resumed = await engine.Adapt(
                Tiny.Work(pack, rows) with
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
    public async Task Adapt_AMethodWithoutCouplings_HasOnlyItsOwnPlaces()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack();
        var usual = Tiny.SettingsOf(Method.Film);
        var results = await engine.Adapt(
            Tiny.Work(pack, usual, usual with { Also = "layer2,layer3" }),
            new Recorder(),
            Cancellation
        );
        Assert.Equal(results[0].State.First, results[1].State.First);
        Assert.Equal(results[0].State.Second, results[1].State.Second);
    }

    [Theory]
    [InlineData("layer2", "layer1", "settings-invalid", "layer3")]
    [InlineData("layer1", "layer1", "settings-invalid", "layer2, layer3")]
    [InlineData("layer1", "layer1.0", "settings-invalid", "layer2, layer3")]
    [InlineData("layer1", "layer3,layer2", "settings-invalid", "'layer2' after 'layer3'")]
    [InlineData("layer1", "layer2,layer2", "settings-invalid", "'layer2' after 'layer2'")]
    [InlineData("layer1", "pool", "settings-invalid", "'pool'")]
    [InlineData("layer3", "layer3", "settings-invalid", "no layer")]
    [InlineData("pool", "layer3", "settings-invalid", "'pool' leaves nothing")]
    [InlineData("layer1", "layer9", "backbone-cut", "layer9")]
    [InlineData("layer1", "layer2,", "backbone-cut", "''")]
    [InlineData("layer1", "input", "backbone-cut", "'input'")]
    public void Of_LayersThatDoNotFollowEachOther_AreRefused(string cut, string also, string code, string says)
    {
        using var pack = Tiny.Pack();
        var task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null);
        foreach (var method in new[] { Method.Comodulation, Method.Film })
        {
            var e = Assert.Throws<InputException>(() =>
                TrialPlan.Of(Tiny.Spec, pack, task, Tiny.SettingsOf(method) with { Cut = cut, Also = also })
            );
            Assert.Equal(code, e.Code);
            Assert.Contains(says, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Serialize_OneLayer_IsTheFormatOfEarlierBuildsAndSeveralAreTheNext()
    {
        var state = new TaskState
        {
            Task = new TaskDefinition(ReadoutMode.Head, LossKind.Classes, Tiny.Classes, [0, 1, 2], [0, 1, 2]),
            Settings = Tiny.Settings,
            BackboneDigest = Tiny.Digest,
            Profile = "",
            DecoderGain = [1],
            Readout = [1, 2, 3],
            Bias = [0, 0, 0],
        };
        var (one, several) = (
            SafeTensors.Read(state.Serialize()).Metadata,
            SafeTensors.Read((state with { Settings = Three }).Serialize()).Metadata
        );
        Assert.Equal(("1", "2"), (one["comod.format"], several["comod.format"]));
        Assert.DoesNotContain("also", one["comod.settings"], StringComparison.Ordinal);
        Assert.Equal(Tiny.Settings, TaskState.Parse(state.Serialize()).Settings);
    }

    [Fact]
    public void Rows_OfAPlan_HaveOneLayer()
    {
        using var pack = Tiny.Pack();
        var work = new PlanWork
        {
            BackboneDigest = Tiny.Digest,
            Pack = pack,
            Task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null),
            Settings = Tiny.Settings with { Also = "layer2" },
        };
        Assert.Null(PlanCosts.Trials(Tiny.Spec, work, Cut.AfterStage(3)).Comodulation.Settings.Also);
    }

    private static Tensor Normals(ulong stream, params long[] shape) =>
        tensor(
            [
                .. Enumerable
                    .Range(0, (int)shape.Aggregate(1L, (n, d) => n * d))
                    .Select(i => (float)CounterRandom.Normal(11, stream, (ulong)i)),
            ],
            shape
        );
}
