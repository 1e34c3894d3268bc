using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Trials;

/// <summary>Method readout on new classes: records, a readout in closed form, a state.</summary>
public class ClosedFormTrialTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TaskSettings Settings { get; } = Tiny.SettingsOf(Method.Readout) with { Gate = GatePolicy.Auto };

    [Theory]
    [InlineData(24)] // folds of other methods
    [InlineData(90)] // three parts of other methods
    public async Task Adapt_Readout_IsFittedToAllExamplesAndServedAsStored(int examples)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(examples, 12);
        var plan = TrialPlan.Of(Tiny.Spec, pack, Tiny.Work(pack, ReadoutMode.Own, Settings).Task, Settings);
        Assert.Equal(
            (examples, 0, 0, 0, 0),
            (plan.Examples.Length, plan.Folds.Count, plan.Train.Length, plan.EarlyStopping.Length, plan.Gate.Length)
        );

        var result = await Adapt(engine, pack);

        Assert.Equal((examples, 0, "record"), (result.Examples, result.Steps, result.CachedTo));
        Assert.Equal(Enumerable.Range(0, examples), result.Readout!.HeldOut);
        Assert.InRange(result.Metrics.HeldOutAccuracy!.Value, 0.8, 1);
        Assert.Equal(result.Metrics.Test, result.Metrics.BaseTest);
        var served = ServedTask.Of(TaskState.Parse(result.State.Serialize()));
        Assert.Equal(result.Readout.Place, served.Place);
        var test = pack.Indices(DatasetSplit.Test);
        var answers = await engine.Predict(
            served,
            [.. test.Select(i => pack.ReadImage(i).ToArray())],
            Tiny.Tenant,
            Cancellation
        );
        Assert.Equal(
            result.Metrics.Test!.Nll,
            answers.Zip(test, (p, i) => -Math.Log(p[pack.Labels(i)[0]])).Average(),
            1e-5
        );
    }

    [Fact]
    public async Task Adapt_AFurtherTaskOnTheseImages_RunsNoNetwork()
    {
        var folder = Directory.CreateTempSubdirectory("comod-test-");
        try
        {
            using var pack = Tiny.Pack(24, 12);
            var options = Tiny.Options with { ActivationFolder = folder.FullName };
            byte[] first;
            await using (var engine = await Tiny.Engine(options))
            {
                first = (await Adapt(engine, pack)).State.Serialize();
                Assert.Equal((24, 0), (engine.Statistics.ActivationMisses, engine.Statistics.ActivationDiskHits));
                await Adapt(engine, pack, Settings with { Seed = 1 });
                Assert.Equal(24, engine.Statistics.ActivationMisses);
            }
            await using (var engine = await Tiny.Engine(options))
            {
                Assert.Equal(first, (await Adapt(engine, pack)).State.Serialize());
                Assert.Equal((0, 24), (engine.Statistics.ActivationMisses, engine.Statistics.ActivationDiskHits));
                await engine.ForgetActivations("");
            }
            Assert.Empty(folder.GetFiles("*", SearchOption.AllDirectories));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>More jobs than the host has places for fits, with lanes and without.</summary>
    [Fact]
    public async Task Adapt_ManyReadoutsAtOnce_GiveTheBitsOfOneAlone()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(24, 12);
        var alone = (await Adapt(engine, pack)).State.Serialize();
        var lanes = engine.Adapt(
            Tiny.Work(pack, ReadoutMode.Own, Tiny.SettingsOf(Method.Gain)),
            new Recorder(),
            Cancellation
        );

        var many = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Adapt(engine, pack)));

        Assert.All(many, r => Assert.Equal(alone, r.State.Serialize()));
        await lanes;
    }

    [Fact]
    public async Task Adapt_CancelledWhileTheHostFits_EndsAtOnceAndOthersGoOn()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(300, 0);
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder
        {
            OnReport = report =>
            {
                if (report.Activity == "fitting the readout")
                    stop.Cancel();
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            engine.Adapt(Tiny.Work(pack, ReadoutMode.Own, Settings), recorder, stop.Token)
        );

        using var few = Tiny.Pack(24, 12);
        Assert.NotNull((await Adapt(engine, few)).Readout);
    }

    [Fact]
    public async Task Adapt_ReadoutOfAttributes_IsOneDiscriminantEach()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.AttributePack(40, 12);

        var result = await Adapt(engine, pack);

        Assert.Equal(ReadoutKind.Lda, result.Readout!.Kind);
        Assert.InRange(result.Metrics.Test!.Accuracy, 0.8, 1);
    }

    /// <summary>What is served is never behind the readout in closed form, whatever the method and the split.</summary>
    [Theory]
    [InlineData(24, Method.Comodulation)]
    [InlineData(24, Method.Film)]
    [InlineData(90, Method.Comodulation)]
    [InlineData(90, Method.BnAffine)]
    public async Task Adapt_AMethodThatIsNotBetter_GivesWayToTheReadout(int examples, Method method)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(examples, 12);
        // Rates so small that nothing of the network changes.
        var still = Tiny.SettingsOf(method) with
        {
            LearningRate = 1e-12,
            Gate = GatePolicy.Auto,
        };

        var result = await Adapt(engine, pack, still);

        var readout = await Adapt(engine, pack);
        Assert.Equal(readout.Readout!.Place, result.Readout!.Place);
        Assert.Equal(
            (readout.Metrics.Test!.Nll, readout.Metrics.Test.Nll, 0, false),
            (result.Metrics.Test!.Nll, result.Metrics.BaseTest!.Nll, result.Steps, result.Rejected)
        );
        Assert.StartsWith("the base is kept: no step is better on held-out images", result.Kept);
        Assert.Equal(method, TaskState.Parse(result.State.Serialize()).Settings.Method);
        Assert.Null((await Adapt(engine, pack, still with { Gate = GatePolicy.Off })).Readout);
    }

    /// <summary>Above a thousand images the folds see a sample, which not all compared images are of.</summary>
    [Fact(Explicit = true), Trait("Category", "Long")]
    public async Task Adapt_ComparedAmongThousands_AnswersForEveryImageOfThePart()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(1500, 12);
        var work = Tiny.Work(pack, ReadoutMode.Own, Settings) with { Compared = true };

        var result = (await engine.Adapt(work, new Recorder(), Cancellation)).Single();

        Assert.Equal((1, 300), (result.HeldOut!.Folds, result.HeldOut.Losses.Count));
        Assert.InRange(result.HeldOut.Accuracy, 0.8, 1);
        Assert.Equal((await Adapt(engine, pack)).State.Serialize(), result.State.Serialize());
    }

    private static async Task<TrialResult> Adapt(TaskEngine engine, DatasetPack pack, TaskSettings? settings = null) =>
        (
            await engine.Adapt(Tiny.Work(pack, ReadoutMode.Own, settings ?? Settings), new Recorder(), Cancellation)
        ).Single();
}
