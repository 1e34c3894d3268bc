using ComodCluster.Engine.Data.Packs;
using ComodCluster.Engine.Execution;
using ComodCluster.Engine.Tasks;

namespace ComodCluster.Engine.Tests.Execution;

public class PredictorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predict_MoreThanTheQueueHolds_IsRefusedBeforeItIsDecodedAndTheRestIsAnswered()
    {
        await using var engine = await Tiny.Engine(Tiny.Options with { PredictQueue = 64 });
        var (task, image) = Served();
        var all = Enumerable
            .Range(0, 40)
            .Select(_ =>
                Record
                    .ExceptionAsync(() => engine.Predict(task, [image, image, image, image], Tiny.Tenant, Cancellation))
                    .AsTask()
            )
            .ToArray();
        var failures = (await Task.WhenAll(all)).Where(e => e is not null).ToArray();
        Assert.All(failures, e => Assert.IsType<EngineBusyException>(e));
        Assert.InRange(failures.Length, 1, 39);
        Assert.Equal(0, engine.Statistics.PredictQueueDepth);
        Assert.Single(await engine.Predict(task, [image], Tiny.Tenant, Cancellation));
    }

    [Fact]
    public async Task Predict_AnUnreadableImage_GivesItsPlaceBack()
    {
        await using var engine = await Tiny.Engine(Tiny.Options with { PredictQueue = 64 });
        var (task, image) = Served();
        for (var i = 0; i < 100; i++)
            Assert.Equal(
                "image-unreadable",
                (
                    await Assert.ThrowsAsync<InputException>(() =>
                        engine.Predict(task, [image, [1, 2, 3]], Tiny.Tenant, Cancellation)
                    )
                ).Code
            );
        Assert.Equal(0, engine.Statistics.PredictQueueDepth);
        Assert.Single(await engine.Predict(task, [image], Tiny.Tenant, Cancellation));
    }

    [Fact]
    public async Task Predict_PastItsDeadline_IsCancelledAndNotComputed()
    {
        await using var engine = await Tiny.Engine();
        var (task, image) = Served();
        using var pack = Tiny.Pack(60, 4);
        // The device is busy with batches that take longer than the deadline.
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = engine.Adapt(
            Tiny.Work(pack, Tiny.Settings with { Steps = 200, Batch = 64 }),
            new Recorder { OnReport = _ => begun.TrySetResult() },
            Cancellation
        );
        await begun.Task.WaitAsync(Cancellation);
        var before = engine.Statistics.Predictions;
        using var expired = new CancellationTokenSource();
        await expired.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            engine.Predict(task, [image], Tiny.Tenant, expired.Token)
        );
        // No device decodes and computes 64 requests before the next line.
        using var deadline = new CancellationTokenSource();
        var late = Enumerable
            .Range(0, 64)
            .Select(_ =>
                Record.ExceptionAsync(() => engine.Predict(task, [image], Tiny.Tenant, deadline.Token)).AsTask()
            )
            .ToArray();
        await deadline.CancelAsync();
        var cancelled = (await Task.WhenAll(late)).Count(e => e is OperationCanceledException);
        Assert.True(cancelled > 0);
        await work;
        Assert.Single(await engine.Predict(task, [image], Tiny.Tenant, Cancellation));
        Assert.True(
            engine.Statistics.Predictions - before <= 1 + 64 - cancelled + 64,
            "cancelled images were counted twice"
        );
        Assert.Equal(0, engine.Statistics.PredictQueueDepth);
    }

    [Fact]
    public async Task Predict_ManyRequestsAtOnce_ShareBatches()
    {
        await using var engine = await Tiny.Engine();
        var (task, image) = Served();
        await engine.Predict(task, [image], Tiny.Tenant, Cancellation);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 256).Select(_ => engine.Predict(task, [image], Tiny.Tenant, Cancellation))
        );
        Assert.All(answers, a => Assert.Equal(answers[0][0], a[0]));
        Assert.True(
            engine.Statistics.PredictBatches < 128,
            $"{engine.Statistics.PredictBatches} batches for 257 images"
        );
    }

    private static (ServedTask Task, byte[] Image) Served()
    {
        using var pack = Tiny.Pack(4, 1);
        var image = pack.ReadImage(pack.Indices(DatasetSplit.Test)[0]).ToArray();
        return (
            ServedTask.Base(TaskDefinition.Resolve(Tiny.Spec, pack.Manifest, null, ReadoutMode.Head), Tiny.Digest),
            image
        );
    }
}
