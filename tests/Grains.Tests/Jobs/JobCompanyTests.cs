using ComodCluster.Grains.Jobs;

namespace ComodCluster.Grains.Tests.Jobs;

public class JobCompanyTests
{
    private readonly JobCompany _company = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enter_Alone_WaitsForThoseInsideAndKeepsLaterOnesOut()
    {
        var (one, other) = (await Enter(), await Enter());
        var (alone, later) = (Enter(alone: true), Enter());
        Assert.False(_company.IsOpen);

        one.Dispose();
        Assert.False(alone.IsCompleted);
        other.Dispose();
        var stay = await alone;
        Assert.False(later.IsCompleted);
        stay.Dispose();
        stay.Dispose();
        (await later).Dispose();
        Assert.True(_company.IsOpen);
        (await Enter(alone: true)).Dispose();
    }

    [Fact]
    public async Task Join_LetsOthersInAndLeavingCountsOnce()
    {
        var stay = await Enter(alone: true);
        var (later, alone) = (Enter(), Enter(alone: true));
        Assert.False(later.IsCompleted);

        stay.Join();
        stay.Join();
        (await later).Dispose();
        Assert.False(alone.IsCompleted);
        stay.Dispose();
        (await alone).Dispose();
    }

    [Fact]
    public async Task Enter_CancelledWhileItWaits_HoldsUpNobody()
    {
        using var cancel = new CancellationTokenSource();
        var inside = await Enter();
        var (alone, later) = (_company.Enter(true, cancel.Token), Enter());

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);
        (await later).Dispose();
        inside.Dispose();
        Assert.True(_company.IsOpen);
    }

    private Task<JobCompany.Stay> Enter(bool alone = false) => _company.Enter(alone, Cancellation);
}
