using System.Text.Json.Nodes;
using ComodCluster.Engine.Backbones;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;
using ComodCluster.Engine.Tests.Execution;
using ComodCluster.Engine.Trials;

namespace ComodCluster.Engine.Tests.Trials;

/// <summary>The base is a candidate like every step, compared as it would be served.</summary>
public class KeptBaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ReadoutMode.Head, GatePolicy.Off)]
    [InlineData(ReadoutMode.Own, GatePolicy.Off)]
    [InlineData(ReadoutMode.Head, GatePolicy.Auto)]
    [InlineData(ReadoutMode.Own, GatePolicy.Auto)]
    public async Task Adapt_StepsThatChangeNothing_KeepTheBaseAndSaySo(ReadoutMode mode, GatePolicy gate)
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack();
        // Rates so small that every gain stays 1 in float32.
        var still = Tiny.SettingsOf(Method.Gain) with
        {
            LearningRate = 1e-12,
            Gate = gate,
        };
        var result = (await engine.Adapt(Tiny.Work(pack, mode, still), new Recorder(), Cancellation)).Single();

        Assert.Equal(0, result.Steps);
        Assert.StartsWith(
            "the base is kept: no step is better on held-out images",
            result.Kept,
            StringComparison.Ordinal
        );
        Assert.Equal(
            (result.Metrics.BaseTest!.Nll, result.Metrics.BaseTest.Accuracy),
            (result.Metrics.Test!.Nll, result.Metrics.Test.Accuracy)
        );
        Assert.Equal(gate == GatePolicy.Off, result.Gate is null);
        Assert.False(result.Rejected);
        // Nothing of the network is its own: all tasks share its whole pass.
        Assert.Equal(Cut.Pool, ServedTask.Of(TaskState.Parse(result.State.Serialize())).Cut);
        Assert.NotEmpty(result.Curve);
    }

    [Fact]
    public async Task Adapt_StepsThatAreBetter_ServeTheBestOfThemAsItWasCompared()
    {
        await using var engine = await Tiny.Engine();
        using var pack = Tiny.Pack(36, 12);
        var result = (
            await engine.Adapt(
                Tiny.Work(pack, ReadoutMode.Own, Tiny.SettingsOf(Method.BnAffine) with { Steps = 40 }),
                new Recorder(),
                Cancellation
            )
        ).Single();

        Assert.Null(result.Kept);
        Assert.Equal(result.Steps, result.Curve.MinBy(p => p.HeldOutLoss)!.Step);
        Assert.Equal(result.Metrics.HeldOutLoss!.Value, result.Curve.Min(p => p.HeldOutLoss));
        var held = TrialPlan.Of(Tiny.Spec, pack, result.State.Task, result.Settings).EarlyStopping;
        var served = await engine.Predict(
            ServedTask.Of(result.State),
            [.. held.Select(i => pack.ReadImage(i).ToArray())],
            Tiny.Tenant,
            Cancellation
        );
        Assert.Equal(
            result.Metrics.HeldOutLoss.Value,
            held.Zip(served, (i, p) => -Math.Log(p[pack.Labels(i)[0]])).Average(),
            1e-3
        );
    }

    [Fact]
    public async Task Adapt_FromACheckpointWithTheBestParametersAlone_ChoosesFromThem()
    {
        using var pack = Tiny.Pack(36, 12);
        var options = Tiny.Options with { CheckpointEvery = TimeSpan.FromMilliseconds(100) };
        var work = Tiny.Work(
            pack,
            ReadoutMode.Own,
            Tiny.SettingsOf(Method.BnAffine) with
            {
                Steps = 400,
                EvaluateEvery = 100,
            }
        );
        byte[]? kept = null;
        await using (var engine = await Tiny.Engine(options))
        {
            using var stop = new CancellationTokenSource();
            var recorder = new Recorder
            {
                OnCheckpoint = state =>
                {
                    if (kept is not null || Counters(state)["BestStep"]!.GetValue<int>() == 0)
                        return;
                    kept = AsEarlierBuildsWriteIt(state);
                    stop.Cancel();
                },
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Adapt(work, recorder, stop.Token));
        }
        await using (var engine = await Tiny.Engine(options))
        {
            var result = (await engine.Adapt(work with { Checkpoint = kept }, new Recorder(), Cancellation)).Single();
            Assert.Equal([100, 200, 300, 400], result.Curve.Select(p => p.Step));
            Assert.True(
                result.Metrics.Test!.Nll < result.Metrics.BaseTest!.Nll,
                $"{result.Metrics.Test.Nll} against {result.Metrics.BaseTest.Nll}"
            );
        }
    }

    /// <summary>A lane that is no fold has its present and its best parameters, and none of each evaluation.</summary>
    private static byte[] AsEarlierBuildsWriteIt(byte[] checkpoint)
    {
        var (file, counters) = (SafeTensors.Read(checkpoint), Counters(checkpoint));
        Assert.Contains("0/final/snapshot0/U", file.Tensors.Keys);
        (counters["SnapshotSteps"], counters["SnapshotLosses"]) = (new JsonArray(), new JsonArray());
        return SafeTensors.Write(
            [.. file.Tensors.Values.Where(t => !t.Name.StartsWith("0/final/snapshot", StringComparison.Ordinal))],
            new Dictionary<string, string>(file.Metadata) { ["0/final"] = counters.ToJsonString() }
        );
    }

    private static JsonNode Counters(byte[] checkpoint) =>
        JsonNode.Parse(SafeTensors.Read(checkpoint).Metadata["0/final"])!;
}
