using ComodCluster.Engine.Native;
using ComodCluster.TestInfrastructure;
using static TorchSharp.torch;

namespace ComodCluster.Engine.Tests.Native;

public class HostThreadTests
{
    private const string Name = "comod host test";

    // A team's threads have the name of the thread that called them.
    private static int Members => ProcessThreads.Names(Environment.ProcessId).Count(name => name == Name);

    [Fact]
    public async Task Run_Computation_ItsTeamEndsWithIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "OpenMP is another library there.");

        var during = await HostThread.Run(() =>
        {
            Thread.CurrentThread.Name = Name;
            using var scope = NewDisposeScope();
            _ = rand(512, 512).exp();
            return Members;
        });

        Assert.Equal(LibTorch.Threads, during);
        Assert.True(SpinWait.SpinUntil(() => Members == 0, TimeSpan.FromSeconds(20)));
    }
}
