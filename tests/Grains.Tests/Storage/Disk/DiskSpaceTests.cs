using ComodCluster.Api;
using ComodCluster.Contracts;
using ComodCluster.Grains.Storage.Disk;
using ComodCluster.TestInfrastructure;

namespace ComodCluster.Grains.Tests.Storage.Disk;

public class DiskSpaceTests
{
    private const long MiB = 1L << 20,
        GiB = 1L << 30;

    [Theory]
    [InlineData(10 * MiB, MiB)]
    [InlineData(10 * GiB, GiB)]
    [InlineData(15 * GiB, GiB)]
    [InlineData(100 * GiB, 5 * GiB)]
    [InlineData(10_000 * GiB, 10 * GiB)]
    public void Usual_DisksOfAllSizes_LeavesWhatWorkNeeds(long disk, long left) =>
        Assert.Equal(left, DiskSpace.Usual(disk));

    [Fact]
    public void Require_MoreThanIsLeft_SaysSo()
    {
        using var folder = new TempFolder();
        new DiskSpace(folder.Path, 0).Require(0);
        var refusal = Assert.Throws<ComodException>(() => new DiskSpace(folder.Path, 0).Require(1L << 60));
        Assert.Equal((ErrorCodes.StorageFull, 507), (refusal.Code, refusal.Status));
        Assert.Throws<ComodException>(() => new DiskSpace(folder.Path, 1L << 60).Require(0));
    }

    [Fact]
    public void Reserve_Given_IsTakenAgain()
    {
        using var folder = new TempFolder();
        var reserve = new DiskReserve(Path.Combine(folder.Path, "reserve"));
        Assert.False(reserve.Give());
        reserve.Keep();
        Assert.True(reserve.Give());
        Assert.False(reserve.Give());
        reserve.Keep();
        Assert.True(reserve.Give());
    }
}
