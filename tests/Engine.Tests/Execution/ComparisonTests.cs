using System.Text.Json.Nodes;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>Candidates of one choice: trials of one job that say how they did on held-out images.</summary>
public class ComparisonTests
{
    private static readonly TaskSettings[] Candidates =
    [
        .. MethodTraits.Candidates.Select(m => Tiny.SettingsOf(m) with { Gate = GatePolicy.Auto }),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(63, GatePolicy.Auto)]
    [InlineData(63, GatePolicy.Off)]
    [InlineData(199, GatePolicy.Auto)]
    public void Plan_ComparedOnFewExamples_HoldsOutEachOnceInStratifiedFolds(int examples, GatePolicy gate)
    {
        using var pack = Tiny.Pack(examples, 3);
        var plan = Plan(pack, gate, compared: true);

        Assert.Equal((4, 0, 0, 0), (plan.Folds.Count, plan.Train.Length, plan.EarlyStopping.Length, plan.Gate.Length));
        Assert.Equal(plan.Examples, plan.Folds.SelectMany(f => f).Order());
        foreach (var fold in plan.Folds)
            Assert.All(
                fold.CountBy(i => pack.Labels(i)[0]),
                c => Assert.InRange(c.Value, fold.Length / 3 - 1, fold.Length / 3 + 1)
            );
        var usual = Plan(pack, GatePolicy.Auto, compared: false);
        if (examples < Gate.ThreePartsFrom)
            Assert.Equal(usual.Folds, plan.Folds);
        else
            Assert.Empty(usual.Folds);
    }

    [Theory]
    [InlineData(GatePolicy.Auto)]
    [InlineData(GatePolicy.Off)]
    public void Plan_ComparedOnMany_HasTheUsualThreeParts(GatePolicy gate)
    {
        using var pack = Tiny.Pack(Choice.PartFrom, 3);
        var (plan, usual) = (Plan(pack, gate, compared: true), Plan(pack, GatePolicy.Auto, compared: false));

        Assert.Empty(plan.Folds);
        Assert.Equal(
            [usual.Train, usual.EarlyStopping, usual.Gate],
            new[] { plan.Train, plan.EarlyStopping, plan.Gate }
        );
        Assert.InRange(plan.Gate.Length, 38, 42);
    }

    [Theory]
    [InlineData(ReadoutMode.Head)]
    [InlineData(ReadoutMode.Own)]
    public async Task Adapt_Compared_SaysHowEachDidAndLeavesItsBitsAsTheyAre(ReadoutMode mode)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(24, 12);
        var work = Tiny.Work(pack, mode, [.. Candidates.Select(s => s with { Steps = 20 })]);
        var usual = await engine.Adapt(work, new Recorder(), Cancellation);
        var compared = await engine.Adapt(work with { Compared = true }, new Recorder(), Cancellation);

        // One asked for by name gives way to the readout in closed form; of a choice that is a candidate of its own.
        foreach (var (named, candidate) in usual.Zip(compared).Where(p => p.First.State.Placed is null))
            Assert.Equal(
                Convert.ToHexString(named.State.Serialize()),
                Convert.ToHexString(candidate.State.Serialize())
            );
        foreach (var row in compared)
        {
            Assert.Equal((FoldsOf(row, 4), 24), (row.HeldOut!.Folds, row.HeldOut.Losses.Count));
            Assert.Equal(Math.Round(24 * row.HeldOut.Accuracy), 24 * row.HeldOut.Accuracy, 1e-6);
            Assert.InRange(row.HeldOut.Accuracy, row.Metrics.Test!.Accuracy - 0.35, row.Metrics.Test.Accuracy + 0.35);
            if (row.Gate is { } gate)
                Assert.StartsWith(
                    $"held-out loss {row.HeldOut.Losses.Average():0.000} against",
                    gate.Reason,
                    StringComparison.Ordinal
                );
        }
        Assert.NotNull(Choice.Decide([.. compared.Select(r => (r.Settings.Method, r.HeldOut))]));
    }

    /// <summary>A readout in closed form has folds of its own; they hold out the same images.</summary>
    private static int FoldsOf(TrialResult row, int folds) => folds > 1 && row.Readout is not null ? 5 : folds;

    [Fact]
    public async Task Adapt_ComparedAttributesWithoutAGate_SaysHowItDidAndDecidesNothing()
    {
        await using var engine = await Tiny.Engine();
        using Data few = new(Tiny.AttributePack(24, 6)),
            many = new(Tiny.AttributePack(Choice.PartFrom, 6));
        foreach (var (pack, folds, images) in new[] { (few.Pack, 4, 24), (many.Pack, 1, 40) })
        {
            var task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null);
            var work = new AdaptationWork
            {
                BackboneDigest = Tiny.Digest,
                Pack = pack,
                Task = task,
                Trials = [.. Candidates.Select(s => s with { Gate = GatePolicy.Off })],
                Compared = true,
            };
            Assert.All(
                await engine.Adapt(work, new Recorder(), Cancellation),
                row =>
                {
                    Assert.Equal(
                        (FoldsOf(row, folds), images, null),
                        (row.HeldOut!.Folds, row.HeldOut.Losses.Count, row.Gate)
                    );
                    Assert.InRange(row.HeldOut.Accuracy, 0.4, 1);
                }
            );
        }
    }

    [Fact]
    public async Task Adapt_ComparedAndResumed_GivesTheSameBitsAndOneThatDivergedEndsAlone()
    {
        var options = Tiny.Options with { CheckpointEvery = TimeSpan.FromMilliseconds(100) };
        using var pack = Tiny.Pack(24, 6);
        var work = Tiny.Work(pack, [.. Candidates.Select(s => s with { Steps = 40 })]) with { Compared = true };
        byte[]? kept = null;
        IReadOnlyList<TrialResult> whole;
        await using (var engine = await Tiny.Engine(options))
            whole = await engine.Adapt(work, new Recorder(), Cancellation);
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
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Adapt(work, recorder, stop.Token));
        }
        await using (var engine = await Tiny.Engine(options))
        {
            Same(whole, await engine.Adapt(work with { Checkpoint = kept }, new Recorder(), Cancellation));
            // The first candidate, and then all of them, as if they had left the finite range before the checkpoint.
            Same(
                [.. whole.Skip(1)],
                await engine.Adapt(work with { Checkpoint = Diverged(kept!, "0/") }, new Recorder(), Cancellation)
            );
            var failure = await Assert.ThrowsAsync<AdaptationDivergedException>(() =>
                engine.Adapt(work with { Checkpoint = Diverged(kept!, "") }, new Recorder(), Cancellation)
            );
            Assert.Contains("broke", failure.Message, StringComparison.Ordinal);
            // Trials that are no candidates end their job.
            await Assert.ThrowsAsync<AdaptationDivergedException>(() =>
                engine.Adapt(
                    work with
                    {
                        Compared = false,
                        Checkpoint = Diverged(kept!, "0/"),
                    },
                    new Recorder(),
                    Cancellation
                )
            );
        }
    }

    private static void Same(IReadOnlyList<TrialResult> expected, IReadOnlyList<TrialResult> actual)
    {
        Assert.Equal(
            expected.Select(r => Convert.ToHexString(r.State.Serialize())),
            actual.Select(r => Convert.ToHexString(r.State.Serialize()))
        );
        for (var i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i].HeldOut!.Losses, actual[i].HeldOut!.Losses);
    }

    private static byte[] Diverged(byte[] checkpoint, string lanes)
    {
        var file = SafeTensors.Read(checkpoint);
        return SafeTensors.Write(
            [.. file.Tensors.Values],
            file.Metadata.ToDictionary(
                m => m.Key,
                m =>
                {
                    if (
                        !m.Key.Contains('/', StringComparison.Ordinal)
                        || !m.Key.StartsWith(lanes, StringComparison.Ordinal)
                    )
                        return m.Value;
                    var counters = JsonNode.Parse(m.Value)!;
                    counters["Failure"] = "it broke";
                    return counters.ToJsonString();
                }
            )
        );
    }

    private static TrialPlan Plan(DatasetPack pack, GatePolicy gate, bool compared) =>
        TrialPlan.Of(
            Tiny.Spec,
            pack,
            TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, null),
            Tiny.Settings with
            {
                Gate = gate,
            },
            compared
        );

    private sealed record Data(DatasetPack Pack) : IDisposable
    {
        public void Dispose() => Pack.Dispose();
    }
}
