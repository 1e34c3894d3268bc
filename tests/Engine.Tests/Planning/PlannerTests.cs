using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Planning;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using TorchSharp;

namespace ComodCluster.Engine.Tests.Planning;

public class PlannerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ReadoutMode.Head)]
    [InlineData(ReadoutMode.Own)]
    public async Task Plan_EitherReadout_ScoresEveryCutAndTellsTheCosts(ReadoutMode mode)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(72, 12);
        var plan = await engine.Plan(Work(pack, mode), Cancellation);
        Assert.Equal(["stem", "layer1", "layer2", "layer3"], plan.Cuts.Select(c => c.Cut.ToString()));
        Assert.Equal([1, 2, 3, 4], plan.Cuts.Select(c => c.Rank).Order());
        Assert.Equal((72, 72, 72), (plan.Examples, plan.Images, plan.StepImages));
        Assert.Equal(mode == ReadoutMode.Head, plan.HeadAccuracy is not null);
        Assert.Equal(1.0 / 3, plan.ChanceAccuracy, 1e-9);
        Assert.All(
            plan.Cuts,
            c =>
            {
                Assert.InRange(c.HScore, 0, 2);
                Assert.InRange(c.Probe.Value, c.Probe.Low, c.Probe.High);
                Assert.All(
                    [c.LogMe, c.Promised.Value, c.Measured.Value, c.Accuracy.Value],
                    v => Assert.True(double.IsFinite(v))
                );
            }
        );
        Assert.True(plan.Cuts[^1].Probe.Value > 0.6);
        Assert.InRange(plan.Curve.Expected.Value, 0.5, 1);
        Assert.Equal(plan.Cuts.Single(c => c.Rank == 1).Cut, plan.Sigma.Cut);
        Assert.True(plan.Sigma.Safe > 0 && plan.Sigma.Points.Count > 0);
        Assert.Equal(
            [PlannedMethod.Readout, PlannedMethod.Comodulation, PlannedMethod.Full],
            plan.Costs.Select(c => c.Method)
        );
        Assert.All(plan.Costs, c => Assert.True(c.DeviceSeconds > 0 && c.StateBytes > 0));
        Assert.Null(plan.Costs[2].Accuracy);
        Assert.NotEmpty(plan.Recommendation.Reasons);
        Assert.Equal((0, 0), (engine.Statistics.PrefixBytes, engine.Statistics.ActivationMisses));

        // The adaptation then takes what was foretold.
        var row = (
            await engine.Adapt(
                Tiny.Work(pack, mode, Settings with { Cut = plan.Recommendation.Cut.ToString() }),
                new Recorder(),
                Cancellation
            )
        )[0];
        var cost = plan.Costs[row.Steps > 0 ? 1 : 0]; // a base that was kept is a readout
        Assert.Equal(row.TrainedParameters, cost.TrainedParameters);
        Assert.InRange(row.State.Serialize().Length - cost.StateBytes, -16, 16);
        Assert.Equal(plan.Costs[1].PrefixBytes, engine.Statistics.PrefixBytes);
    }

    [Fact]
    public async Task Plan_Twice_GivesTheSameScoresAndLeavesNoTensor()
    {
        using var pack = Tiny.Pack(48, 12);
        await using var engine = await Tiny.Engine();
        var first = await engine.Plan(Work(pack, ReadoutMode.Own), Cancellation);
        await engine.UnloadBackbone("none"); // a command runs between two pieces of work
        var live = engine.Statistics.LiveTensors;
        var second = await engine.Plan(Work(pack, ReadoutMode.Own), Cancellation);
        await engine.UnloadBackbone("none");
        Assert.Equal(first.Cuts, second.Cuts);
        Assert.Equal(first.Sigma.Points, second.Sigma.Points);
        Assert.True(engine.Statistics.LiveTensors <= live, $"{live} {engine.Statistics.LiveTensors}");
    }

    [Fact]
    public async Task Plan_Attributes_AreAveraged()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.AttributePack(64);
        var plan = await engine.Plan(Work(pack, ReadoutMode.Own), Cancellation);
        Assert.Equal(0.5, plan.ChanceAccuracy, 1e-9);
        Assert.True(plan.Cuts[^1].Probe.Value > 0.7);
        Assert.All(plan.Cuts, c => Assert.InRange(c.HScore, 0, 1));
    }

    [Fact]
    public async Task Plan_BesideALongAdaptation_ComesSoonAndPredictionsToo()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(48, 12);
        using var stop = new CancellationTokenSource();
        var rows = Enumerable.Range(0, 64).Select(seed => Settings with { Seed = seed, Steps = 100_000 }).ToArray();
        var training = engine.Adapt(Tiny.Work(pack, rows) with { Tenant = "greedy" }, new Recorder(), stop.Token);
        var planning = engine.Plan(Work(pack, ReadoutMode.Own), Cancellation);
        var task = ServedTask.Base(
            TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, ReadoutMode.Head),
            Tiny.Digest
        );
        Assert.Single(await engine.Predict(task, [pack.ReadImage(0).ToArray()], Tiny.Tenant, Cancellation));
        Assert.NotEmpty((await planning).Cuts);
        Assert.False(training.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
    }

    [Fact]
    public async Task Plan_MoreThanAreMadeAtOnce_IsBusyAndCancelledOnesEnd()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(96, 12);
        using var stop = new CancellationTokenSource();
        var plans = Enumerable.Range(0, 4).Select(_ => engine.Plan(Work(pack, ReadoutMode.Own), stop.Token)).ToArray();
        await Assert.ThrowsAsync<EngineBusyException>(() => engine.Plan(Work(pack, ReadoutMode.Own), Cancellation));
        await stop.CancelAsync();
        foreach (var plan in plans)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plan);
        Assert.NotEmpty((await engine.Plan(Work(pack, ReadoutMode.Own) with { Images = 16 }, Cancellation)).Cuts);
    }

    [Fact]
    public async Task Plan_OfWhatCannotBeAdapted_SaysWhyInOneSentence()
    {
        await using var engine = await Tiny.Engine();
        using var few = Tiny.Pack(7, 3);
        Assert.Contains(
            "3 bars, 2 spots, 2 ramps",
            (await Refused(Work(few, ReadoutMode.Own), "examples-too-few")).Message,
            StringComparison.Ordinal
        );
        using var one = OneClass();
        Assert.Contains(
            "'bars'",
            (await Refused(Work(one, ReadoutMode.Own), "task-one-class")).Message,
            StringComparison.Ordinal
        );
        using var pack = Tiny.Pack();
        await Refused(Work(pack, ReadoutMode.Own) with { Images = 4 }, "settings-invalid");
        await Refused(Work(pack, ReadoutMode.Own) with { LossBound = 0 }, "settings-invalid");
        await Refused(Work(pack, ReadoutMode.Own) with { Settings = Settings with { Sigma = -1 } }, "settings-invalid");

        async Task<InputException> Refused(PlanWork work, string code)
        {
            var refusal = await Assert.ThrowsAsync<InputException>(() => engine.Plan(work, Cancellation));
            Assert.Equal(code, refusal.Code);
            return refusal;
        }
    }

    [Theory]
    [InlineData("stem")]
    [InlineData("layer1")]
    [InlineData("layer3")]
    public void Gradients_AtEveryCut_AreThoseOfTheLoss(string cut)
    {
        const int Row = 2;
        const float Step = 0.002f;
        using var pack = Tiny.Pack(12, 3);
        using var backbone = Backbone.Load(Tiny.Weights, torch.CPU);
        // 3 cells over 16, 8 or 4 positions: of unequal sizes
        var work = Work(pack, ReadoutMode.Own) with
        {
            Settings = Settings with { Mu = 2, Grid = 3 },
        };
        var (sample, settings) = (PlanSample.Of(work), work.Settings);
        FittedReadout readout = new(
            [
                .. Enumerable
                    .Range(0, 3 * backbone.FeatureWidth)
                    .Select(i => (float)(0.3 * CounterRandom.Normal(1, 2, (ulong)i))),
            ],
            [0, 0.1f, -0.1f]
        );
        var passes = new PlanPasses(backbone, sample, settings, 64, TimeProvider.System, new PassTimes());
        var cuts = PlanPasses.CutsOf(Tiny.Spec);
        float[][,] gradients = [.. cuts.Select(c => new float[12, Couplings(c)])];
        Drain(passes.Gradients(sample.Folds, [.. sample.Folds.Select(_ => readout)], gradients));

        var at = Array.IndexOf(cuts, Cut.Parse(cut));
        var largest = Enumerable.Range(0, Couplings(cuts[at])).Max(j => Math.Abs(gradients[at][Row, j]));
        foreach (var j in new[] { 0, 5, Couplings(cuts[at]) - 9, Couplings(cuts[at]) - 4 })
            Assert.Equal((Loss(j, Step) - Loss(j, -Step)) / (2 * Step), gradients[at][Row, j], 0.03 * largest);

        double Loss(int coordinate, float value)
        {
            var couplings = new float[Couplings(cuts[at])];
            couplings[coordinate] = value;
            var trial = new Trial(at, [.. sample.Folds.Select(_ => couplings)], settings.Mu)
            {
                Features = new float[12, backbone.FeatureWidth],
            };
            Drain(passes.Run(sample.Folds, [trial]));
            return ReadoutRows.Outcome(trial.Features, Row, readout, sample.Targets[Row], ReadoutLoss.Classes).Loss;
        }

        int Couplings(Cut c)
        {
            var (channels, height, width) = PlanPasses.CouplingsAt(Tiny.Spec, c, settings);
            return channels + height * width;
        }
    }

    private static TaskSettings Settings => Tiny.Settings with { Gate = GatePolicy.Auto };

    private static PlanWork Work(DatasetPack pack, ReadoutMode mode) =>
        new()
        {
            Tenant = Tiny.Tenant,
            BackboneDigest = Tiny.Digest,
            Pack = pack,
            Task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, mode),
            Settings = Settings,
        };

    private static DatasetPack OneClass()
    {
        var stream = new MemoryStream();
        using (var writer = new DatasetPackWriter(stream, DatasetKind.Classes, ["bars", "spots"]))
        {
            for (var i = 0; i < 12; i++)
                writer.Add(
                    ImageDecoder.EncodePng(Tiny.Picture(0, 1, (ulong)i)),
                    Tiny.Side,
                    Tiny.Side,
                    DatasetSplit.Train,
                    [0]
                );
            writer.Complete("one class");
        }
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }

    private static void Drain(IEnumerable<object?> pieces)
    {
        foreach (var _ in pieces) { }
    }
}
