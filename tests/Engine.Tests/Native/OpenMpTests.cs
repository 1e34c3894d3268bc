using ComodCluster.Engine.Native;

namespace ComodCluster.Engine.Tests.Native;

public class OpenMpTests
{
    [Theory]
    [InlineData("", "", "1000")]
    [InlineData("GOMP_SPINCOUNT", "300000", null)]
    [InlineData("OMP_WAIT_POLICY", "active", null)]
    [InlineData("OMP_WAIT_POLICY", "PASSIVE", null)]
    [InlineData("OMP_NUM_THREADS", "2", "1000")]
    public void WaitingOf_UsersVariables_WinOverTheBriefSpin(string name, string value, string? looks) =>
        Assert.Equal(looks, OpenMp.WaitingOf(asked => asked == name ? value : null));

    [Theory]
    [InlineData(8, 8, "", 8)] // nothing else limits it
    [InlineData(64, 2, "", 2)] // a quota of 2 cores, or of one and a half
    [InlineData(8, 1, "", 1)]
    [InlineData(8, 16, "", 8)] // two threads of a core: libtorch takes one
    [InlineData(6, 2, "OMP_NUM_THREADS", 6)]
    [InlineData(6, 2, "MKL_NUM_THREADS", 6)]
    public void ThreadsOf_ProcessorsAndUsersVariables_NoMoreThanMayRun(
        int own,
        int processors,
        string name,
        int threads
    ) => Assert.Equal(threads, OpenMp.ThreadsOf(own, processors, asked => asked == name ? "6" : null));
}
