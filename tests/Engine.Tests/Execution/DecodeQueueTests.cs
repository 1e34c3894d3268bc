using ComodCluster.Engine.Data.Images;
using ComodCluster.Engine.Execution;

namespace ComodCluster.Engine.Tests.Execution;

public class DecodeQueueTests
{
    private static readonly byte[] Picture = ImageDecoder.EncodePng(RgbImage.Black(16, 16));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_MoreThanAtOnceOrThanBytes_WaitsInOrder()
    {
        var queue = Queue(atOnce: 2, bytes: 100);
        var first = await queue.Enter("a", 60, Cancellation);
        var large = queue.Enter("a", 60, Cancellation);
        var small = queue.Enter("a", 10, Cancellation);
        Assert.False(large.IsCompleted || small.IsCompleted);

        first.Dispose();
        await Task.WhenAll(large, small);
        var third = queue.Enter("a", 1, Cancellation);
        Assert.False(third.IsCompleted);
        (await large).Dispose();
        (await small).Dispose();
        (await third).Dispose();
        (await queue.Enter("a", 1_000_000, Cancellation)).Dispose();
    }

    [Fact]
    public async Task Enter_TwoTenants_TheOneThatUsedLessComesFirst()
    {
        var share = new FairShare();
        share.Charge("greedy", 10);
        var queue = new DecodeQueue(share, 1, 100, TimeProvider.System);
        var held = await queue.Enter("greedy", 1, Cancellation);
        var again = queue.Enter("greedy", 1, Cancellation);
        var other = queue.Enter("modest", 1, Cancellation);
        held.Dispose();
        (await other).Dispose();
        (await again).Dispose();
        Assert.True(share["greedy"] > 10 && share["modest"] > 0);
    }

    [Fact]
    public async Task Decode_CancelledWhileItWaits_LeavesAtOnceAndTheNextGoesOn()
    {
        var queue = Queue(atOnce: 1, bytes: 10_000);
        using var gone = new CancellationTokenSource();
        var held = await queue.Enter("a", 10_000, Cancellation);
        var waiting = queue.Decode("a", Tiny.Spec, [Picture, Picture], gone.Token);
        var next = queue.Decode("a", Tiny.Spec, [Picture], Cancellation);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(next.IsCompleted);
        held.Dispose();
        Assert.Single(await next)!.Dispose();
    }

    [Fact]
    public async Task Decode_AlreadyCancelled_LooksAtNoImage() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Queue(1, 100)
                .Decode(
                    "a",
                    Tiny.Spec,
                    [
                        [1, 2, 3],
                    ],
                    new CancellationToken(canceled: true)
                )
        );

    private static DecodeQueue Queue(int atOnce, long bytes) =>
        new(new FairShare(), atOnce, bytes, TimeProvider.System);
}
