using System.Runtime.InteropServices;
using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Tests.Execution;

/// <summary>A batch that throws for its task's sake, on a device that computes and on one that does not.</summary>
public class DeviceHealthTests
{
    private const string Cause = "CUDA error: an illegal memory access was encountered";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predict_ABatchThatThrowsOnADeviceThatComputes_IsTheTasksFault()
    {
        await using var engine = await Tiny.Engine();
        var (good, bad, image) = Served();

        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAnyAsync<ArgumentException>(() =>
                engine.Predict(bad, [image], Tiny.Tenant, Cancellation)
            );

        Assert.False(engine.Lost.IsCompleted);
        Assert.Single(await engine.Predict(good, [image], Tiny.Tenant, Cancellation));
    }

    [Fact]
    public async Task Predict_ABatchThatThrowsOnALostDevice_EveryCallSaysSoAndWorkIsHandedOver()
    {
        var computes = true;
        await using var engine = new TaskEngine(
            Tiny.Options,
            TimeProvider.System,
            _ =>
            {
                if (!computes)
                    throw new NativeException($"{Cause}\nsecond line");
            }
        );
        await engine.LoadBackbone(Tiny.Weights, null, null, Cancellation);
        var (good, bad, image) = Served();
        using var pack = Tiny.Pack();
        using var handOver = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var recorder = new Recorder { OnReport = _ => begun.TrySetResult() };
        var adapting = engine.Adapt(
            Tiny.Work(pack, Tiny.Settings with { Steps = 100_000 }) with
            {
                HandOver = handOver.Token,
            },
            recorder,
            Cancellation
        );
        await begun.Task.WaitAsync(Cancellation);

        computes = false;
        await Lost(() => engine.Predict(bad, [image], Tiny.Tenant, Cancellation));
        Assert.Equal(Cause, await engine.Lost);
        await Lost(() => engine.Predict(good, [image], Tiny.Tenant, Cancellation));
        await Lost(() => engine.LoadBackbone(Tiny.Weights, null, null, Cancellation));
        await Lost(() => engine.Adapt(Tiny.Work(pack, Tiny.Settings), new Recorder(), Cancellation));
        await handOver.CancelAsync();
        await Lost(() => adapting);
        Assert.NotEmpty(recorder.Checkpoints);
    }

    /// <summary>Such as the memory of a GPU that another program took.</summary>
    [Fact]
    public void Examine_ADeviceWithoutMemory_IsNotLost()
    {
        var health = new DeviceHealth(() => throw new InsufficientMemoryException());

        Assert.False(health.Examine());
    }

    [Fact]
    public async Task Run_AfterACallbackThrew_FailsInsteadOfWaitingForEver()
    {
        var broken = new TaskCompletionSource<Exception>();
        using var thread = new DeviceThread(
            "broken",
            TimeProvider.System,
            () => PredictTurn.Idle,
            () => throw new NativeException(Cause),
            broken.SetResult,
            () => { }
        );

        Assert.Equal(Cause, (await broken.Task.WaitAsync(Cancellation)).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => thread.Run(() => 1).WaitAsync(Cancellation));
    }

    [Fact]
    public void Compute_TheProcessor_IsRight() => DeviceHealth.Compute(TorchSharp.torch.CPU);

    private static async Task Lost(Func<Task> call) =>
        Assert.Contains(Cause, (await Assert.ThrowsAsync<DeviceLostException>(call)).Message, StringComparison.Ordinal);

    /// <summary>A task, and one whose readout is of no row of the head.</summary>
    private static (ServedTask Good, ServedTask Bad, byte[] Image) Served()
    {
        using var pack = Tiny.Pack(4, 1);
        var task = TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, ReadoutMode.Head);
        return (
            ServedTask.Base(task, Tiny.Digest),
            ServedTask.Base(task with { HeadRows = [.. task.HeadRows.Select(_ => 99)] }, Tiny.Digest),
            pack.ReadImage(pack.Indices(DatasetSplit.Test)[0]).ToArray()
        );
    }

    /// <summary>As libtorch's failures arrive.</summary>
    private sealed class NativeException(string message) : ExternalException(message);
}
