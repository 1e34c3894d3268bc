using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Tasks;
using static TorchSharp.torch;
using Bench = ComodCluster.Engine.Tests.Execution.MethodTraitsTests.Bench;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>A decoder gain of each class, from the rows of that class.</summary>
public class GainPerClassTests
{
    private const int K = 3;
    private static readonly int D = Tiny.Spec.FeatureWidth;
    private static readonly Method[] Refreshing = [Method.Comodulation, Method.Shuffled, Method.Rate, Method.Difference];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TaskSettings SettingsOf(Method method) => Tiny.SettingsOf(method) with { GainPer = GainScope.Class };

    public static TheoryData<Method> Methods { get; } = [.. Refreshing];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Refresh_EachClass_IsLabelledByItsOwnRows(Method method)
    {
        using var bench = new Bench(SettingsOf(method));
        bench.Scatter(0.2);
        bench.Batches.Refresh([bench.Lane]);
        float[] g = bench.Read(Column.G), tau = bench.Read(Column.Tau);
        Assert.Equal((4 * D, 4), (g.Length, tau.Length)); // K in its bucket
        var order = method == Method.Shuffled ? bench.Lane.UnitOrder(D) : [.. Enumerable.Range(0, D)];
        var (mu, away) = (bench.Lane.Settings.Mu, Math.Sqrt(3) * bench.Lane.Settings.Sigma);
        var labels = Enumerable.Range(0, K).Select(k =>
        {
            int[] rows = [.. bench.Lane.NextRows().Where(i => Targets.ClassOf(bench.Lane.Task, bench.Lane.Pack, i) == k)];
            Assert.NotEmpty(rows);
            double[] Mean(double modulator)
            {
                var d = bench.Batches.ModulatedFeatures([(Like(bench.Lane, bench.Lane.Settings with { Mu = modulator }, bench.Lane.Train), rows)])[0];
                return [.. Enumerable.Range(0, D).Select(j => Enumerable.Range(0, rows.Length).Average(i => (double)d[i, j]))];
            }
            var raw = method switch
            {
                Method.Rate => Mean(mu),
                Method.Difference => Mean(mu).Zip(Mean(1e-9), (with, without) => with - without),
                _ => Mean(mu + away).Zip(Mean(mu - away), (above, below) => above - below),
            };
            return raw.Select(a => Math.Max(0, a)).ToArray();
        }).ToArray();
        for (var k = 0; k < K; k++)
        {
            for (var j = 0; j < D; j++) Assert.Equal((1 + labels[k][order[j]] / labels[k].Average()) / 2, g[k * D + j], 2e-3); // tau = 1: g and label in equal parts
            Assert.Equal((1, 2), (g.Skip(k * D).Take(D).Average(), tau[k]), (x, y) => Math.Abs(x.Item1 - y.Item1) < 1e-5 && x.Item2 == y.Item2);
        }
        Assert.Contains(Enumerable.Range(0, D), j => Math.Abs(g[j] - g[D + j]) > 0.05);
        Assert.All(g[(K * D)..].Append(tau[K]), x => Assert.Equal(1, x)); // an output that the task does not have
    }

    [Fact]
    public void Refresh_ABatchWithoutAClass_LeavesItsGainAndMemory()
    {
        using var bench = new Bench(SettingsOf(Method.Comodulation));
        bench.Scatter(0.2);
        bench.Batches.Refresh([bench.Lane]);
        float[] g = bench.Read(Column.G), tau = bench.Read(Column.Tau);
        var without = Like(bench.Lane, bench.Lane.Settings, [.. bench.Lane.Train.Where(i => Targets.ClassOf(bench.Lane.Task, bench.Lane.Pack, i) != 1)]);

        bench.Batches.Refresh([without]);

        float[] next = bench.Read(Column.G), memory = bench.Read(Column.Tau);
        Assert.Equal(g[D..(2 * D)], next[D..(2 * D)]);
        Assert.Contains(g[D..(2 * D)], x => Math.Abs(x - 1) > 0.05);
        Assert.NotEqual(g[..D], next[..D]);
        Assert.NotEqual(g[(2 * D)..(3 * D)], next[(2 * D)..(3 * D)]);
        Assert.Equal([tau[0] + 1, tau[1], tau[2] + 1, 1], memory);
    }

    [Fact]
    public void Step_FirstGradient_AgreesWithFiniteDifferencesUnderGainsThatDiffer()
    {
        using var bench = new Bench(SettingsOf(Method.Comodulation), ReadoutMode.Own);
        bench.Scatter(0.1);
        bench.Write(Column.G, [.. Enumerable.Range(0, 4 * D).Select(i => 0.2f + i * 7 % 13 / 8f)]);
        bench.RequireGradients();
    }

    [Fact]
    public async Task Predict_AServedState_AnswersAsTheLaneThatWasEvaluated()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 24);
        var settings = SettingsOf(Method.Comodulation) with { Steps = 40 };
        var result = (await engine.Adapt(Tiny.Work(pack, ReadoutMode.Head, settings), new Recorder(), Cancellation)).Single();
        var state = TaskState.Parse(result.State.Serialize());
        Assert.Equal((GainScope.Class, K * D, false), (state.Settings.GainPer, state.DecoderGain.Length, state.GainFolded));
        Assert.Equal("2", SafeTensors.Read(state.Serialize()).Metadata["comod.format"]);
        Assert.Equal([K, D], SafeTensors.Read(state.Serialize()).Tensors["decoder_gain"].Shape);
        for (var k = 0; k < K; k++) Assert.Equal(1, state.DecoderGain[(k * D)..((k + 1) * D)].Average(), 1e-4);
        for (var j = 0; j < D; j++) Assert.Equal(Enumerable.Range(0, K).Average(k => state.DecoderGain[k * D + j]), state.UnitGain()[j], 1e-5);
        var served = ServedTask.Of(state);
        var held = TrialPlan.Of(Tiny.Spec, pack, state.Task, settings).EarlyStopping;

        var answers = await engine.Predict(served, [.. held.Select(i => pack.ReadImage(i).ToArray())], Tiny.Tenant, Cancellation);

        double LossOf(IReadOnlyList<float[]> probabilities) => held.Select((image, i) => -Math.Log(probabilities[i][Targets.ClassOf(state.Task, pack, image)])).Average();
        Assert.Equal(result.Metrics.HeldOutLoss!.Value, LossOf(answers), 1e-3);
        var swapped = ServedTask.Of(state with { DecoderGain = [.. state.DecoderGain[D..], .. state.DecoderGain[..D]] });
        var others = await engine.Predict(swapped, [.. held.Select(i => pack.ReadImage(i).ToArray())], Tiny.Tenant, Cancellation);
        Assert.NotEqual(result.Metrics.HeldOutLoss!.Value, LossOf(others), 1e-3);
        Assert.Equal(ServedKey.Of(ServedTask.Of(state with { Settings = settings with { GainPer = GainScope.Task } })), ServedKey.Of(served)); // tasks of both kinds share batches
    }

    [Fact]
    public async Task Adapt_OwnClasses_RefitsWithTheGainsOfTheClassesAsPrior()
    {
        await using var engine = await Tiny.Engine(Tiny.Options with { Device = "cpu", Precision = "float32" });
        using var pack = Tiny.Pack(36, 24);
        var priors = 0;
        for (var seed = 0; seed < 4; seed++)
        {
            var settings = SettingsOf(Method.Comodulation) with { Steps = 40, Seed = seed };
            var work = Tiny.Work(pack, ReadoutMode.Own, settings);
            var state = (await engine.Adapt(work, new Recorder(), Cancellation))[0].State;
            Assert.Equal((K * D, true), (state.DecoderGain.Length, state.GainFolded));
            var plan = TrialPlan.Of(Tiny.Spec, pack, work.Task, settings);
            using var bench = new Bench(settings, ReadoutMode.Own);
            bench.Write(Column.U, state.Channel);
            bench.Write(Column.V, state.Spatial);
            var lane = Like(bench.Lane, settings, plan.Train, pack);
            var features = plan.Train.Chunk(8).SelectMany(rows => bench.Batches.ModulatedFeatures([(lane, rows)])[0].Cast<float>()).ToArray();
            using var scope = NewDisposeScope();
            FittedReadout Fit(float[]? scale) => LogisticRegression.Fit(
                tensor(features, [plan.Train.Length, D]), tensor([.. plan.Train.SelectMany(i => Targets.Of(work.Task, pack, i))], [plan.Train.Length, K]), LossKind.Classes, scale);
            Tensor Logits(float[] weight, float[] bias) => tensor(features, [plan.Train.Length, D]).matmul(tensor(weight, [K, D]).t()) + tensor(bias);
            double Distance(FittedReadout fit) => (Logits(fit.Weight, fit.Bias) - Logits(state.Readout, state.Bias)).abs().max().item<float>();
            var (plain, prior) = (Distance(Fit(null)), Distance(Fit([.. state.DecoderGain.Select(g => MathF.Sqrt(MathF.Max(g, 0.02f)))])));
            Assert.True(Math.Min(plain, prior) < 2e-3 && Math.Max(plain, prior) > 2e-2, $"{plain} from the plain fit, {prior} from the one with the prior");
            if (prior < plain) priors++;
        }
        Assert.InRange(priors, 1, 4);
    }

    [Fact]
    public async Task Adapt_LanesOfBothKindsInOneJob_GiveTheBitsOfEachAlone()
    {
        using var pack = Tiny.Pack();
        await using var engine = await Tiny.Engine();
        TaskSettings[] rows = [.. Refreshing.SelectMany(m => new[] { Tiny.SettingsOf(m), SettingsOf(m), SettingsOf(m) with { Seed = 1, Gate = GatePolicy.Auto } })];
        foreach (var mode in Enum.GetValues<ReadoutMode>())
        {
            var alone = new List<byte[]>();
            foreach (var row in rows) alone.Add((await engine.Adapt(Tiny.Work(pack, mode, row), new Recorder(), Cancellation))[0].State.Serialize());
            var together = await engine.Adapt(Tiny.Work(pack, mode, rows), new Recorder(), Cancellation);
            Assert.Equal(alone, together.Select(r => r.State.Serialize()));
            for (var i = 0; i < rows.Length; i++) Assert.Equal(rows[i].GainPer == GainScope.Class ? K * D : D, together[i].State.DecoderGain.Length);
        }
    }

    [Fact]
    public async Task Adapt_ResumedFromACheckpoint_GivesTheSameBits()
    {
        var settings = SettingsOf(Method.Comodulation) with { Steps = 60 };
        await Resuming.GivesTheSameBits(ReadoutMode.Own, [settings, settings with { Gate = GatePolicy.Auto }, settings with { GainPer = GainScope.Task }], Cancellation);
    }

    [Fact]
    public void Of_MethodsThatDoNotRefreshTheirGain_AreInOneGroupWithThoseOfTheTask()
    {
        using var pack = Tiny.Pack();
        using var backbone = Backbone.Load(Tiny.Weights, CPU);
        var task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null);
        GroupKey Key(TaskSettings settings) => GroupKey.Of(backbone, TrialPlan.Of(Tiny.Spec, pack, task, settings));
        foreach (var method in Enum.GetValues<Method>())
            Assert.Equal(!Refreshing.Contains(method), Key(Tiny.SettingsOf(method)) == Key(SettingsOf(method)));
    }

    [Fact]
    public void Of_ATaskWithAttributes_IsRefusedWhereTheGainIsRefreshed()
    {
        using var pack = Tiny.AttributePack();
        var task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null);
        foreach (var method in Enum.GetValues<Method>())
        {
            if (!Refreshing.Contains(method))
            {
                Assert.NotEmpty(TrialPlan.Of(Tiny.Spec, pack, task, SettingsOf(method)).Train);
                continue;
            }
            var e = Assert.Throws<InputException>(() => TrialPlan.Of(Tiny.Spec, pack, task, SettingsOf(method)));
            Assert.Equal("settings-invalid", e.Code);
            Assert.Contains("gainPer is class; choose task", e.Message, StringComparison.Ordinal);
        }
        Assert.Equal("settings-invalid", Assert.Throws<InputException>((Tiny.Settings with { GainPer = (GainScope)2 }).Validate).Code);
    }

    [Fact]
    public void Serialize_OneGainOfTheTask_IsTheFormatOfEarlierBuilds()
    {
        var state = new TaskState
        {
            Task = new TaskDefinition(ReadoutMode.Head, LossKind.Classes, Tiny.Classes, [0, 1, 2], [0, 1, 2]), Settings = Tiny.Settings, BackboneDigest = Tiny.Digest, Profile = "",
            DecoderGain = [0.5f, 1.5f], Readout = [1, 2, 3, 4, 5, 6], Bias = [0, 0, 0],
        };
        var file = SafeTensors.Read(state.Serialize());
        Assert.Equal("1", file.Metadata["comod.format"]);
        Assert.DoesNotContain("gainPer", file.Metadata["comod.settings"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal([2L], file.Tensors["decoder_gain"].Shape);
        Assert.Equal(state.DecoderGain, state.UnitGain());
    }

    [Fact]
    public void State_OfAPlan_HasTheGainsOfAllClasses()
    {
        using var pack = Tiny.Pack();
        var work = new PlanWork { BackboneDigest = Tiny.Digest, Pack = pack, Task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null), Settings = Tiny.Settings };
        long Bytes(GainScope scope) =>
            PlanCosts.State(Tiny.Spec, PlanCosts.Trials(Tiny.Spec, work with { Settings = Tiny.Settings with { GainPer = scope } }, Cut.AfterStage(1)).Comodulation, "", Tiny.Digest).Bytes;
        Assert.InRange(Bytes(GainScope.Class) - Bytes(GainScope.Task), (K - 1) * D * sizeof(float), (K - 1) * D * sizeof(float) + 64);
    }

    /// <summary>Another lane on the same parameters.</summary>
    private static Lane Like(Lane lane, TaskSettings settings, int[] train, DatasetPack? pack = null) => new()
    {
        Settings = settings, Task = lane.Task, Pack = pack ?? lane.Pack, Train = train, Held = [], Steps = lane.Steps, EarlyStopping = false, TrainsReadout = lane.TrainsReadout, Slot = lane.Slot,
    };
}
