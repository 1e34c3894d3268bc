using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Methods;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;
using Bench = ComodCluster.Engine.Tests.Execution.MethodTraitsTests.Bench;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>A decoder gain of the channels of later layers.</summary>
public class GainAtTests
{
    private const int C2 = 16, C3 = 32, D = 32;
    private static readonly Method[] Refreshing = [Method.Comodulation, Method.Shuffled, Method.Rate, Method.Difference];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Layer 2 is modulated too.</summary>
    private static TaskSettings SettingsOf(Method method) => Tiny.SettingsOf(method) with { Also = "layer2", GainAt = "layer2,layer3" };

    /// <summary>Gains with mean 1 that differ.</summary>
    private static float[] Uneven(int units) => [.. Enumerable.Range(0, units).Select(i => 0.25f + i % 4 * 0.5f)];

    public static TheoryData<Method, LabelForm, int> Refreshes { get; } = new()
    {
        { Method.Comodulation, LabelForm.Rectified, 0 }, { Method.Comodulation, LabelForm.Absolute, 0 }, { Method.Comodulation, LabelForm.Rectified, 5 },
        { Method.Shuffled, LabelForm.Rectified, 0 }, { Method.Rate, LabelForm.Rectified, 0 }, { Method.Difference, LabelForm.Absolute, 0 },
    };

    [Theory]
    [MemberData(nameof(Refreshes))]
    public void Refresh_EachLayer_IsLabelledByItsOwnMeansUnderTheGainsInForce(Method method, LabelForm form, int halvings)
    {
        using var bench = new Bench(SettingsOf(method) with { LabelForm = form, Granularity = Granularity.Channel });
        bench.Scatter(0.2);
        bench.Write(Column.V, new float[bench.Read(Column.V).Length]);
        float[] old = [.. Enumerable.Repeat(1f, D), .. Uneven(C2), .. Uneven(C3)];
        bench.Write(Column.G, old);
        for (var i = 0; i < halvings; i++) Assert.True(bench.Batches.Halve());

        bench.Batches.Refresh([bench.Lane]);

        float[] g = bench.Read(Column.G), tau = bench.Read(Column.Tau);
        Assert.Equal((D + C2 + C3, 3), (g.Length, tau.Length));
        Assert.All(tau, memory => Assert.Equal(2, memory));
        bench.Write(Column.G, old);
        var (mu, away) = (bench.Lane.Settings.Mu, Math.Sqrt(3) * bench.Lane.Settings.Sigma);
        double[] Difference(double[] one, double[] other) => [.. one.Zip(other, (x, y) => x - y)];
        var label = method switch
        {
            Method.Rate => ByHand(bench, mu),
            Method.Difference => Difference(ByHand(bench, mu), ByHand(bench, 0)),
            _ => Difference(ByHand(bench, mu + away), ByHand(bench, mu - away)),
        };
        if (method != Method.Rate) Assert.Contains(label[D..], a => a < -1e-3); // both forms differ
        label = [.. label.Select(a => form == LabelForm.Absolute ? Math.Abs(a) : Math.Max(0, a))];
        foreach (var (gain, first, units) in new[] { (0, 0, D), (1, D, C2), (2, D + C2, C3) })
        {
            var order = method == Method.Shuffled ? bench.Lane.UnitOrder(units, gain) : [.. Enumerable.Range(0, units)];
            var mean = label[first..(first + units)].Average();
            for (var j = 0; j < units; j++) Assert.Equal((old[first + j] + label[first + order[j]] / mean) / 2, g[first + j], 3e-3); // tau = 1: g and label in equal parts
            Assert.Equal(1, g[first..(first + units)].Average(), 1e-4);
        }
    }

    [Fact]
    public void Refresh_BeforeAnyCoupling_LeavesEachLayersGainAndMemory()
    {
        using var bench = new Bench(SettingsOf(Method.Comodulation));
        bench.Batches.Refresh([bench.Lane]);
        Assert.All(bench.Read(Column.G).Concat(bench.Read(Column.Tau)), x => Assert.Equal(1, x));
    }

    [Fact]
    public void Features_WithGains_AreMultipliedAtTheirLayers()
    {
        using var bench = new Bench(SettingsOf(Method.Comodulation) with { Granularity = Granularity.Channel });
        bench.Scatter(0.2);
        bench.Write(Column.V, new float[bench.Read(Column.V).Length]);
        bench.Write(Column.G, [.. Uneven(D), .. Uneven(C2), .. Uneven(C3)]);
        double[] expected = ByHand(bench, bench.Lane.Settings.Mu), features = bench.MeanFeatures();
        for (var j = 0; j < D; j++) Assert.Equal(expected[j], features[j], 1e-4);
        bench.Write(Column.G, [.. Uneven(D), .. Enumerable.Repeat(1f, C2 + C3)]);
        Assert.Contains(features.Zip(bench.MeanFeatures()), p => Math.Abs(p.First - p.Second) > 0.05);
    }

    [Fact]
    public void Step_FirstGradient_AgreesWithFiniteDifferencesUnderTheGains()
    {
        using var bench = new Bench(SettingsOf(Method.Comodulation), ReadoutMode.Own);
        bench.Scatter(0.1);
        bench.Write(Column.G, [.. Uneven(D), .. Uneven(C2), .. Uneven(C3)]);
        bench.RequireGradients();
        Assert.Equal([.. Uneven(D), .. Uneven(C2), .. Uneven(C3)], bench.Read(Column.G)); // no step trains them
    }

    [Theory]
    [InlineData(null)]
    [InlineData("layer2")]
    public async Task Predict_AServedState_AnswersAsTheLaneThatWasEvaluated(string? also)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 24);
        // In so small a network all channels of layer 2 go down with the modulator: the rectified label has no signal there.
        var settings = SettingsOf(Method.Comodulation) with { Also = also, Steps = 40, LabelForm = LabelForm.Absolute };
        var results = await engine.Adapt(Tiny.Work(pack, settings, settings with { GainAt = null }, settings with { GainAt = "layer3" }), new Recorder(), Cancellation);
        var blob = results[0].State.Serialize();
        var state = TaskState.Parse(blob);
        Assert.Equal(blob, state.Serialize());
        Assert.Equal(("3", C2 + C3, D), (SafeTensors.Read(blob).Metadata["comod.format"], state.LayerGains.Length, state.DecoderGain.Length));
        Assert.Equal((1.0, 1.0), (Math.Round(state.LayerGains[..C2].Average(), 4), Math.Round(state.LayerGains[C2..].Average(), 4)));
        foreach (var layer in new[] { state.LayerGains[..C2], state.LayerGains[C2..] }) Assert.Contains(layer, g => Math.Abs(g - 1) > 0.05);
        var (served, neighbours) = (ServedTask.Of(state), results.Skip(1).Select(r => ServedTask.Of(r.State)).ToArray());
        var held = TrialPlan.Of(Tiny.Spec, pack, state.Task, settings).EarlyStopping;

        var answers = await Task.WhenAll(held.SelectMany(i => neighbours.Append(served).Select(t => engine.Predict(t, [pack.ReadImage(i).ToArray()], Tiny.Tenant, Cancellation))));
        var alone = await engine.Predict(served, [.. held.Select(i => pack.ReadImage(i).ToArray())], Tiny.Tenant, Cancellation);

        for (var i = 0; i < held.Length; i++) Assert.Equal(alone[i], answers[i * 3 + 2][0]);
        double LossOf(IReadOnlyList<float[]> probabilities) => held.Select((image, i) => -Math.Log(probabilities[i][Targets.ClassOf(state.Task, pack, image)])).Average();
        Assert.Equal(results[0].Metrics.HeldOutLoss!.Value, LossOf(alone), 1e-3);
        var level = ServedTask.Of(state with { LayerGains = [.. Enumerable.Repeat(1f, C2 + C3)] });
        Assert.NotEqual(LossOf(alone), LossOf(await engine.Predict(level, [.. held.Select(i => pack.ReadImage(i).ToArray())], Tiny.Tenant, Cancellation)), 1e-3);
        Assert.Equal(3, neighbours.Append(served).Select(ServedKey.Of).Distinct().Count());
        Assert.Equal(ServedKey.Of(served), ServedKey.Of(level));
    }

    [Fact]
    public async Task Adapt_OwnClasses_RefitsOnTheFeaturesUnderTheGains()
    {
        await using var engine = await Tiny.Engine(Tiny.Options with { Device = "cpu", Precision = "float32" });
        using var pack = Tiny.Pack(36, 24);
        var settings = SettingsOf(Method.Comodulation) with { Steps = 40, Refit = ReadoutRefit.Plain };
        var work = Tiny.Work(pack, ReadoutMode.Own, settings);
        var state = (await engine.Adapt(work, new Recorder(), Cancellation))[0].State;
        Assert.True(state.GainFolded);
        var plan = TrialPlan.Of(Tiny.Spec, pack, work.Task, settings);
        using var bench = new Bench(settings, ReadoutMode.Own);
        bench.Write(Column.U, state.Channel);
        bench.Write(Column.V, state.Spatial);
        var lane = new Lane
        {
            Settings = settings, Task = bench.Lane.Task, Pack = pack, Train = plan.Train, Held = [], Steps = 1, EarlyStopping = false, TrainsReadout = true, Slot = bench.Lane.Slot,
        };
        using var scope = NewDisposeScope();
        double Distance(float[] layerGains)
        {
            bench.Write(Column.G, [.. state.DecoderGain, .. layerGains]);
            var features = tensor(plan.Train.Chunk(8).SelectMany(rows => bench.Batches.ModulatedFeatures([(lane, rows)])[0].Cast<float>()).ToArray(), [plan.Train.Length, D]);
            var fit = LogisticRegression.Fit(features, tensor([.. plan.Train.SelectMany(i => Targets.Of(work.Task, pack, i))], [plan.Train.Length, 3]), LossKind.Classes, null);
            Tensor Logits(float[] weight, float[] bias) => features.matmul(tensor(weight, [3, D]).t()) + tensor(bias);
            return (Logits(fit.Weight, fit.Bias) - Logits(state.Readout, state.Bias)).abs().max().item<float>();
        }
        Assert.InRange(Distance(state.LayerGains), 0, 2e-3);
        Assert.True(Distance([.. Enumerable.Repeat(1f, C2 + C3)]) > 2e-2);
    }

    [Fact]
    public async Task Adapt_CrossValidated_RefitsTheFoldsUnderTheGainsOfTheChosenStep()
    {
        using var pack = Tiny.Pack();
        await using var engine = await Tiny.Engine();
        var settings = SettingsOf(Method.Comodulation) with { Gate = GatePolicy.Auto, Refit = ReadoutRefit.Plain, LabelForm = LabelForm.Absolute, Steps = 40, Seed = 3, LearningRate = 0.03 };
        async Task<TrialResult> Run(TaskSettings row) => (await engine.Adapt(Tiny.Work(pack, ReadoutMode.Own, row), new Recorder(), Cancellation))[0];
        var longer = await Run(settings);
        Assert.InRange(longer.Steps, 4, 36); // later steps changed the gains

        var ended = await Run(settings with { Steps = longer.Steps });

        Assert.Equal(longer.Steps, ended.Steps);
        foreach (var (expected, found) in ended.HeldOut!.Losses.Zip(longer.HeldOut!.Losses)) Assert.Equal(expected, found, 1e-5);
    }

    [Fact]
    public async Task Adapt_LanesWithAndWithoutInOneJob_GiveTheBitsOfEachAlone()
    {
        using var pack = Tiny.Pack();
        await using var engine = await Tiny.Engine();
        TaskSettings[] rows =
        [
            .. Refreshing.SelectMany(m => new[] { Tiny.SettingsOf(m), SettingsOf(m), SettingsOf(m) with { Seed = 1, Also = null, LabelForm = LabelForm.Absolute, Gate = GatePolicy.Auto } }),
            SettingsOf(Method.Comodulation) with { GainAt = "layer3", Estimator = CovarianceEstimator.MonteCarlo, Samples = 4, Rho = 0.5 },
        ];
        foreach (var mode in Enum.GetValues<ReadoutMode>())
        {
            var alone = new List<byte[]>();
            foreach (var row in rows) alone.Add((await engine.Adapt(Tiny.Work(pack, mode, row), new Recorder(), Cancellation))[0].State.Serialize());
            var together = await engine.Adapt(Tiny.Work(pack, mode, rows), new Recorder(), Cancellation);
            Assert.Equal(alone, together.Select(r => r.State.Serialize()));
            for (var i = 0; i < rows.Length; i++) Assert.Equal(rows[i].GainAt switch { null => 0, "layer3" => C3, _ => C2 + C3 }, together[i].State.LayerGains.Length);
        }
    }

    [Fact]
    public async Task Adapt_ResumedFromACheckpoint_GivesTheSameBits()
    {
        var settings = SettingsOf(Method.Comodulation) with { Steps = 60 };
        await Resuming.GivesTheSameBits(ReadoutMode.Own, [settings, settings with { Gate = GatePolicy.Auto }, settings with { GainAt = null }], Cancellation);
    }

    [Fact]
    public void Of_MethodsThatDoNotRefreshTheirGain_AreInOneGroupWithThoseWithout()
    {
        using var pack = Tiny.Pack();
        using var backbone = Backbone.Load(Tiny.Weights, CPU);
        var task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null);
        GroupKey Key(TaskSettings settings) => GroupKey.Of(backbone, TrialPlan.Of(Tiny.Spec, pack, task, settings));
        foreach (var method in Enum.GetValues<Method>())
            Assert.Equal(!Refreshing.Contains(method), Key(Tiny.SettingsOf(method)) == Key(Tiny.SettingsOf(method) with { GainAt = "layer2" }));
    }

    [Theory]
    [InlineData("layer1", "settings-invalid", "setting gainAt has 'layer1' after 'layer1'; choose a layer that comes later in the network: layer2, layer3")]
    [InlineData("layer3,layer2", "settings-invalid", "'layer2' after 'layer3'; no layer")]
    [InlineData("pool", "settings-invalid", "'pool'")]
    [InlineData("layer9", "backbone-cut", "layer9")]
    public void Of_LayersThatAreNotLater_AreRefused(string gainAt, string code, string says)
    {
        using var pack = Tiny.Pack();
        var task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null);
        foreach (var method in new[] { Method.Comodulation, Method.Film })
        {
            var e = Assert.Throws<InputException>(() => TrialPlan.Of(Tiny.Spec, pack, task, Tiny.SettingsOf(method) with { GainAt = gainAt }));
            Assert.Equal(code, e.Code);
            Assert.Contains(says, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_WithAGainOfEachClass_IsRefusedWhereTheGainIsRefreshed()
    {
        foreach (var method in Enum.GetValues<Method>())
        {
            var settings = SettingsOf(method) with { GainPer = GainScope.Class };
            if (Refreshing.Contains(method)) Assert.Contains("gainPer is class; choose task, or no layers for gainAt", Assert.Throws<InputException>(settings.Validate).Message, StringComparison.Ordinal);
            else settings.Validate();
        }
    }

    [Fact]
    public void Serialize_NoGainOfALayer_IsTheFormatOfEarlierBuilds()
    {
        var state = new TaskState
        {
            Task = new TaskDefinition(ReadoutMode.Head, LossKind.Classes, Tiny.Classes, [0, 1, 2], [0, 1, 2]), Settings = Tiny.Settings, BackboneDigest = Tiny.Digest, Profile = "",
            DecoderGain = [0.5f, 1.5f], Readout = [1, 2, 3, 4, 5, 6], Bias = [0, 0, 0],
        };
        var file = SafeTensors.Read(state.Serialize());
        Assert.Equal("1", file.Metadata["comod.format"]);
        Assert.DoesNotContain("gainAt", file.Metadata["comod.settings"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["decoder_gain", "readout.bias", "readout.weight"], file.Tensors.Keys.Order());
        Assert.Empty(TaskState.Parse(state.Serialize()).LayerGains);
    }

    [Fact]
    public void Rows_OfAPlan_HaveTheGainOfTheFeaturesAlone()
    {
        using var pack = Tiny.Pack();
        var work = new PlanWork { BackboneDigest = Tiny.Digest, Pack = pack, Task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null), Settings = Tiny.Settings with { GainAt = "layer2" } };
        Assert.Null(PlanCosts.Trials(Tiny.Spec, work, Cut.AfterStage(3)).Comodulation.Settings.GainAt);
    }

    /// <summary>Means over the coming step's images of the features, and over space of layers 2 and 3, under the bench's couplings of channels and gains: [D + C2 + C3].</summary>
    private static double[] ByHand(Bench bench, double modulator)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        float[] u = bench.Read(Column.U), g = bench.Read(Column.G);
        Tensor Channels(IEnumerable<float> values) => tensor(values.ToArray()).reshape(1, -1, 1, 1);
        Tensor Gamma(int first, int channels) => Channels(u.Skip(first).Take(channels).Select(c => MathF.Exp((float)(c * modulator))));
        var (backbone, images) = (bench.Backbone, bench.Lane.NextRows());
        Cut one = Cut.AfterStage(1), two = Cut.AfterStage(2), three = Cut.AfterStage(3);
        var first = backbone.Prefix(MethodTraitsTests.PixelsOf(bench, images), one) * Gamma(0, 8);
        var second = backbone.Between(first, one, two) * Gamma(8, C2);
        var third = backbone.Between(second * Channels(g[D..(D + C2)]), two, three);
        var features = backbone.Suffix(third * Channels(g[(D + C2)..]), three);
        return [.. new[] { features, second.mean([2, 3]), third.mean([2, 3]) }.SelectMany(x => HostTensors.Read(x.narrow(0, 0, images.Length).mean([0])).ToArray()).Select(x => (double)x)];
    }
}
