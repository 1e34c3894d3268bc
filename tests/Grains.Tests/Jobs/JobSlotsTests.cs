using ComodCluster.Engine.Execution;
using ComodCluster.Grains.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace ComodCluster.Grains.Tests.Jobs;

public class JobSlotsTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_MoreThanPlaces_WaitsUntilOneIsGivenBack()
    {
        var slots = new JobSlots(1, new FairShare(), _time);
        var first = await slots.Take(new("a"), 0, Cancellation);
        Assert.False(slots.HasFree);
        var second = slots.Take(new("a"), 0, Cancellation);
        Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose(); // gives back once
        (await second).Dispose();
        Assert.True(slots.HasFree);
    }

    [Fact]
    public async Task Take_FirstJobOfAnotherTenant_DoesNotWaitForTheFirstOnes()
    {
        var slots = new JobSlots(2, new FairShare(), _time);
        using var one = await slots.Take(new("a"), 0, Cancellation);
        using var two = await slots.Take(new("a"), 0, Cancellation);
        using var other = await slots.Take(new("b"), 0, Cancellation);
        var more = slots.Take(new("b"), 0, Cancellation);
        Assert.False(more.IsCompleted);
    }

    [Fact]
    public async Task Take_AFreePlace_GoesToTheTenantWithTheFewestForItsWeight()
    {
        var slots = new JobSlots(4, new FairShare(new Dictionary<string, double> { ["b"] = 3 }), _time);
        var held = new List<IDisposable>();
        for (var i = 0; i < 4; i++)
            held.Add(await slots.Take(new("a"), 0, Cancellation));
        held.Add(await slots.Take(new("b"), 0, Cancellation));
        var (a, b) = (slots.Take(new("a"), 0, Cancellation), slots.Take(new("b"), 0, Cancellation));
        foreach (var slot in held.Take(2))
            slot.Dispose();
        Assert.Same(b, await Task.WhenAny(a, b));
        Assert.False(a.IsCompleted);
    }

    [Fact]
    public async Task Take_Priorities_HighestFirstAndWaitingCounts()
    {
        var slots = new JobSlots(1, new FairShare(), _time);
        var running = await slots.Take(new("a"), 0, Cancellation);
        var low = slots.Take(new("a"), 0, Cancellation);
        _time.Advance(TimeSpan.FromMinutes(6));
        var (higher, highest) = (slots.Take(new("a"), 5, Cancellation), slots.Take(new("a"), 50, Cancellation));
        running.Dispose();
        foreach (var (expected, others) in new[] { (highest, new[] { low, higher }), (low, [higher]), (higher, []) })
        {
            var slot = await expected;
            Assert.DoesNotContain(others, t => t.IsCompleted);
            slot.Dispose();
        }
    }

    [Fact]
    public async Task Take_Cancelled_LeavesTheQueue()
    {
        var slots = new JobSlots(1, new FairShare(), _time);
        var running = await slots.Take(new("a"), 0, Cancellation);
        using var stop = new CancellationTokenSource();
        var waiting = slots.Take(new("a"), 0, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        running.Dispose();
        Assert.True(slots.HasFree);
    }
}
