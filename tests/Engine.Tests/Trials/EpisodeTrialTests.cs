using ComodCluster.Engine.Data;
using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Trials;

/// <summary>Methods with couplings on new classes: a readout in closed form, and couplings where they pay.</summary>
public class EpisodeTrialTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Method.Gain)]
    [InlineData(Method.Comodulation)]
    public async Task Adapt_ObjectAmongOthers_KeepsCouplingsOfTheStageThatItReads(Method method)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Clutter(120, 60);

        var result = await Adapt(engine, pack, SettingsOf(method));

        Assert.Null(result.Kept);
        Assert.False(result.Rejected);
        Assert.Equal((40, "layer2"), (result.Steps, result.CachedTo));
        Assert.True(result.Metrics.Test!.Accuracy > result.Metrics.BaseTest!.Accuracy + 0.05);
        var state = TaskState.Parse(result.State.Serialize());
        Assert.Equal("layer2", state.Settings.Cut);
        Assert.Equal((16, 16), (state.Channel.Length, state.Spatial.Length));
        var served = ServedTask.Of(state);
        Assert.Equal((NetworkPart.Couplings, "layer2:3x3"), (served.Part, served.Place.Name));
        var test = pack.Indices(DatasetSplit.Test);
        var answers = await engine.Predict(
            served,
            [.. test.Select(i => pack.ReadImage(i).ToArray())],
            Tiny.Tenant,
            Cancellation
        );
        Assert.Equal(
            result.Metrics.Test.Nll,
            answers.Zip(test, (p, i) => -Math.Log(p[pack.Labels(i)[0]])).Average(),
            1e-5
        );
    }

    [Fact]
    public async Task Adapt_AmongOtherJobs_GivesTheBitsOfOneAlone()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Clutter(60, 0);
        var settings = SettingsOf(Method.Comodulation) with { Steps = 6 };
        var alone = (await Adapt(engine, pack, settings)).State.Serialize();

        var many = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(i => Adapt(engine, pack, i % 2 == 0 ? settings : SettingsOf(Method.Gain) with { Steps = 9 }))
        );

        Assert.Equal(alone, many[0].State.Serialize());
        Assert.Equal(alone, many[2].State.Serialize());
        Assert.Equal(many[1].State.Serialize(), many[3].State.Serialize());
    }

    [Fact]
    public async Task Adapt_CouplingsThatDoNotPay_ServesTheReadoutItself()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(24, 12);

        var result = await Adapt(engine, pack, SettingsOf(Method.Comodulation) with { LearningRate = 1e-6 });
        var readout = await Adapt(engine, pack, Tiny.SettingsOf(Method.Readout));

        Assert.StartsWith("the base is kept: no step is better", result.Kept, StringComparison.Ordinal);
        Assert.Equal((0, "record", null), (result.Steps, result.CachedTo, result.Gate));
        Assert.Equal(readout.State.Placed!.Stored.Weights.ToArray(), result.State.Placed!.Stored.Weights.ToArray());
        Assert.Equal(NetworkPart.None, ServedTask.Of(TaskState.Parse(result.State.Serialize())).Part);
    }

    [Fact]
    public async Task Adapt_Attributes_AnswersEach()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.AttributePack(40, 12);

        var result = await Adapt(engine, pack, SettingsOf(Method.Comodulation) with { Steps = 10 });

        Assert.InRange(result.Metrics.Test!.Accuracy, 0.8, 1);
    }

    [Fact]
    public async Task Adapt_AsACandidate_IsComparedOnTheImagesOfTheOthers()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Clutter(60, 0);
        var work = Tiny.Work(
            pack,
            ReadoutMode.Own,
            Tiny.SettingsOf(Method.Readout),
            SettingsOf(Method.Gain) with
            {
                Steps = 6,
            }
        );

        var results = await engine.Adapt(work with { Compared = true }, new Recorder(), Cancellation);

        Assert.All(results, r => Assert.Equal(60, r.HeldOut!.Losses.Count));
    }

    [Fact]
    public void Of_AutoCut_IsTheReadoutsOnlyWhereThereIsOne()
    {
        using var pack = Tiny.Pack(24, 12);
        foreach (
            var (mode, method, expected) in new[]
            {
                (ReadoutMode.Own, Method.Comodulation, true),
                (ReadoutMode.Own, Method.Shuffled, false),
                (ReadoutMode.Own, Method.Film, false),
                (ReadoutMode.Head, Method.Comodulation, false),
            }
        )
        {
            var settings = SettingsOf(method);
            var plan = TrialPlan.Of(Tiny.Spec, pack, Tiny.Work(pack, mode, settings).Task, settings);
            Assert.Equal((expected, "layer2"), (plan.OnReadout, plan.Settings.Cut));
        }
    }

    private static TaskSettings SettingsOf(Method method) =>
        Tiny.SettingsOf(method) with
        {
            Cut = TaskLayers.Auto,
            Gate = GatePolicy.Auto,
            Steps = 40,
            LearningRate = 0.05,
        };

    private static async Task<TrialResult> Adapt(TaskEngine engine, DatasetPack pack, TaskSettings settings) =>
        (await engine.Adapt(Tiny.Work(pack, ReadoutMode.Own, settings), new Recorder(), Cancellation)).Single();

    /// <summary>A third of each side, off the middle of all cells, shows the class; all around it is another one.</summary>
    private static DatasetPack Clutter(int train, int test)
    {
        const int From = 3,
            Side = 5;
        var stream = new MemoryStream();
        using (var writer = new DatasetPackWriter(stream, DatasetKind.Classes, Tiny.Classes))
        {
            for (var i = 0; i < train + test; i++)
            {
                var (inside, around) = (
                    Tiny.Picture(i % 3, 1, (ulong)i),
                    Tiny.Picture(CounterRandom.Below(3, 9, 9, (ulong)i), 2, (ulong)i)
                );
                var pixels = around.Rgb.ToArray();
                for (var y = From; y < From + Side; y++)
                    inside
                        .Rgb.AsSpan((y * Tiny.Side + From) * 3, Side * 3)
                        .CopyTo(pixels.AsSpan((y * Tiny.Side + From) * 3));
                writer.Add(
                    ImageDecoder.EncodePng(new RgbImage(Tiny.Side, Tiny.Side, pixels)),
                    Tiny.Side,
                    Tiny.Side,
                    i < train ? DatasetSplit.Train : DatasetSplit.Test,
                    [i % 3]
                );
            }
            writer.Complete("clutter");
        }
        stream.Position = 0;
        return DatasetPack.Open(stream);
    }
}
