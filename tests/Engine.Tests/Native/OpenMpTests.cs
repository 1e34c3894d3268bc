using ComodCluster.Engine.Native;

namespace ComodCluster.Engine.Tests.Native;

public class OpenMpTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("GOMP_SPINCOUNT", false)]
    [InlineData("OMP_WAIT_POLICY", false)]
    [InlineData("OMP_NUM_THREADS", true)]
    public void LeavesWaiting_UsersVariables_AreTheUsersChoice(string name, bool leaves) =>
        Assert.Equal(leaves, OpenMp.LeavesWaiting(asked => asked == name ? "7" : null));

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
