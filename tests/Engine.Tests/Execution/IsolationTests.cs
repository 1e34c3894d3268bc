using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Readouts;
using ComodCluster.Engine.Tasks;
using CsCheck;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>A task's bits do not depend on who shares its batches, whatever they are.</summary>
public class IsolationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Gen<TaskSettings> Settings =
        from method in Gen.Enum<Method>()
        from granularity in Gen.Enum<Granularity>()
        from form in Gen.Enum<GainForm>()
        from seed in Gen.Int[0, 9]
        from steps in Gen.Int[1, 9]
        from batch in Gen.OneOf(Gen.Const(8), Gen.Const(16))
        from wild in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        select (wild ? Wild : Tiny.Settings) with
        {
            Method = method,
            Granularity = granularity,
            GainForm = form,
            Seed = seed,
            Steps = steps,
            Batch = batch,
        };

    /// <summary>Leaves the finite range at once, or ends on absurd numbers.</summary>
    private static TaskSettings Wild =>
        Tiny.Settings with
        {
            Cap = 20,
            LearningRate = 10,
            Mu = 100,
            Sigma = 10,
            Penalty = 0,
        };

    [Fact]
    public async Task Adapt_AmongAnyNeighbours_GivesTheBitsOfAdaptingAlone()
    {
        using var one = Tiny.Pack();
        using var two = Tiny.Pack(32, 4, seed: 5);
        using var attributes = Tiny.AttributePack(24, 4);
        DatasetPack[] packs = [one, two, attributes];
        var alone = new Dictionary<TaskSettings, byte[]>();
        await using var engine = await Tiny.Engine();
        await Gen.Select(Settings, Gen.Select(Settings, Gen.Int[0, 2], Gen.Enum<ReadoutMode>()).List[1, 6])
            .SampleAsync(
                async (subject, neighbours) =>
                {
                    subject = subject with { LearningRate = Tiny.Settings.LearningRate, Cap = 3, Mu = 1, Sigma = 0.1 };
                    if (!alone.TryGetValue(subject, out var expected))
                        alone[subject] = expected = (
                            await engine.Adapt(Tiny.Work(one, subject), new Recorder(), Cancellation)
                        )[0]
                            .State.Serialize();
                    var others = neighbours
                        .Select(n =>
                            engine.Adapt(
                                Tiny.Work(packs[n.Item2], n.Item2 == 2 ? null : n.Item3, n.Item1),
                                new Recorder(),
                                Cancellation
                            )
                        )
                        .ToArray();
                    var among = await engine.Adapt(Tiny.Work(one, subject), new Recorder(), Cancellation);
                    foreach (var other in others)
                        await Record.ExceptionAsync(() => other); // those that diverge end alone
                    Assert.Equal(expected, among[0].State.Serialize());
                },
                iter: 25,
                threads: 1
            );
    }

    [Fact]
    public async Task Adapt_EveryMethodAmongAllOthers_GivesTheBitsOfAdaptingAlone()
    {
        using var pack = Tiny.Pack();
        await using var engine = await Tiny.Engine();
        foreach (var mode in Enum.GetValues<ReadoutMode>())
        {
            var alone = new List<byte[]>();
            foreach (var settings in Tiny.EveryMethod)
                alone.Add(
                    (await engine.Adapt(Tiny.Work(pack, mode, settings), new Recorder(), Cancellation))[0]
                        .State.Serialize()
                );
            var diverging = engine.Adapt(
                Tiny.Work(pack, mode, [.. Tiny.EveryMethod.Select(s => Wild with { Method = s.Method })]),
                new Recorder(),
                Cancellation
            );
            var among = await engine.Adapt(
                Tiny.Work(pack, mode, [.. Tiny.EveryMethod.Reverse()]),
                new Recorder(),
                Cancellation
            );
            await Record.ExceptionAsync(() => diverging);
            Assert.Equal(alone, among.Reverse().Select(r => r.State.Serialize()));
        }
    }

    [Fact]
    public async Task Predict_AmongAnyNeighbours_GivesTheBitsOfPredictingAlone()
    {
        using var pack = Tiny.Pack(24, 24);
        await using var engine = await Tiny.Engine();
        var images = pack.Indices(DatasetSplit.Test).Select(i => pack.ReadImage(i).ToArray()).ToArray();
        var results = await engine.Adapt(
            Tiny.Work(
                pack,
                [Tiny.Settings, Tiny.Settings with { Seed = 2, Granularity = Granularity.Channel }, .. Tiny.EveryMethod]
            ),
            new Recorder(),
            Cancellation
        );
        var own = await engine.Adapt(Tiny.Work(pack, ReadoutMode.Own, Tiny.Settings), new Recorder(), Cancellation);
        var first = results[0].State;
        ServedTask[] tasks =
        [
            .. results.Concat(own).Select(r => ServedTask.Of(r.State)),
            ServedTask.Of(first with { Readout = [.. first.Readout.Select(_ => float.NaN)] }),
            ServedTask.Of(first with { Channel = [.. first.Channel.Select(_ => float.NaN)] }),
            .. RecordLayout
                .Of(Tiny.Spec)
                .Places.Select(place =>
                    ServedTask.Of(Placed.State(own[0].State.Task, Placed.Readout(Tiny.Spec, place)))
                ),
        ];
        var alone = new Dictionary<(int, int), float[]>();
        await Gen.Select(Gen.Int[0, tasks.Length - 1], Gen.Int[0, images.Length - 1])
            .List[1, 70]
            .SampleAsync(
                async requests =>
                {
                    foreach (var request in requests.Where(r => !alone.ContainsKey(r)))
                        alone[request] = (
                            await engine.Predict(
                                tasks[request.Item1],
                                [images[request.Item2]],
                                Tiny.Tenant,
                                Cancellation
                            )
                        )[0];
                    var mixed = await Task.WhenAll(
                        requests.Select(r =>
                            engine.Predict(tasks[r.Item1], [images[r.Item2]], Tiny.Tenant, Cancellation)
                        )
                    );
                    for (var i = 0; i < requests.Count; i++)
                        Assert.Equal(alone[requests[i]], mixed[i][0]);
                },
                iter: 40,
                threads: 1
            );
    }

    [Fact]
    public async Task Adapt_WhoseImageCannotBeRead_FailsAloneAndTheOthersGoOn()
    {
        using var good = Tiny.Pack();
        using var broken = Tiny.PackWithABrokenImage();
        await using var engine = await Tiny.Engine(Tiny.Options with { ActivationCacheBytes = 0 });
        var expected = (await engine.Adapt(Tiny.Work(good, Tiny.Settings), new Recorder(), Cancellation))[0]
            .State.Serialize();
        var failing = engine.Adapt(Tiny.Work(broken, Tiny.Settings), new Recorder(), Cancellation);
        var among = await engine.Adapt(Tiny.Work(good, Tiny.Settings), new Recorder(), Cancellation);
        Assert.Equal("image-unreadable", (await Assert.ThrowsAsync<InputException>(() => failing)).Code);
        Assert.Equal(expected, among[0].State.Serialize());
    }
}
